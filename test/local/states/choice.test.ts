import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/states/json.ts';
import { run } from './run-definition.ts';

async function chosen(rule: JsonObject, input: JsonObject): Promise<boolean> {
  const { output } = await run(
    {
      StartAt: 'Choose',
      States: {
        Choose: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
        Yes: { Type: 'Pass', Result: true, End: true },
        No: { Type: 'Pass', Result: false, End: true },
      },
    },
    input,
  );
  return output;
}

describe('a choice by JSONPath', () => {
  it.each([
    [{ StringMatches: 'log-*.txt' }, 'log-2026.txt', true],
    [{ StringMatches: 'a\\*b' }, 'a*b', true],
    [{ StringMatches: 'a\\*b' }, 'axb', false],
    [{ NumericGreaterThanEquals: 3 }, 3, true],
    [{ NumericLessThan: 3 }, '2', false],
    [{ StringLessThan: 'b' }, 'a', true],
    [{ BooleanEquals: false }, false, true],
    [{ TimestampGreaterThan: '2026-01-01T00:00:00Z' }, '2026-01-01T00:00:00.001Z', true],
    [{ TimestampEquals: '2026-01-01T01:00:00+01:00' }, '2026-01-01T00:00:00Z', true],
    [{ IsNull: true }, null, true],
    [{ IsTimestamp: true }, '2026-01-01', false],
    [{ IsTimestamp: true }, '2026-02-28T23:59:59.123456789-18:00', true],
    [{ IsTimestamp: true }, '2026-02-29T00:00:00Z', false],
    [{ IsTimestamp: true }, '2024-02-29T00:00:00Z', true],
    [{ IsTimestamp: true }, '2026-01-01T24:00:00Z', false],
    [{ IsNumeric: false }, 'x', true],
    [{ NumericEqualsPath: '$.other' }, 7, true],
  ])('finds %j for %j to be %j', async (comparison, value, expected) => {
    expect(await chosen({ Variable: '$.value', ...comparison }, { value, other: 7 })).toBe(expected);
  });

  it('combines rules', async () => {
    const isA = { Variable: '$.a', IsPresent: true };
    const isB = { Variable: '$.b', IsPresent: true };
    expect(await chosen({ And: [isA, { Not: isB }] }, { a: 1 })).toBe(true);
    expect(await chosen({ And: [isA, { Not: isB }] }, { a: 1, b: 1 })).toBe(false);
    expect(await chosen({ Or: [isA, isB] }, { b: null })).toBe(true);
    expect(await chosen({ Not: { Or: [isA, isB] } }, {})).toBe(true);
  });

  it('fails where the value is missing and its presence is not what is asked', async () => {
    const { output } = await run({
      StartAt: 'Choose',
      States: {
        Choose: { Type: 'Choice', Choices: [{ Variable: '$.value', NumericEquals: 1, Next: 'End' }], Default: 'End' },
        End: { Type: 'Succeed' },
      },
    });
    expect(output.error).toBe('States.Runtime');
    expect(output.cause).toContain("Invalid path '$.value'");
  });

  it('fails by name where no rule holds and there is no default', async () => {
    const { output } = await run({
      StartAt: 'Choose',
      States: {
        Choose: { Type: 'Choice', Choices: [{ Variable: '$.value', IsPresent: true, Next: 'End' }] },
        End: { Type: 'Succeed' },
      },
    });
    expect(output.error).toBe('States.NoChoiceMatched');
  });
});

describe('a choice by JSONata', () => {
  const machine = (Condition: unknown) => ({
    QueryLanguage: 'JSONata',
    StartAt: 'Choose',
    States: {
      Choose: {
        Type: 'Choice',
        Choices: [{ Condition, Assign: { by: 'rule' }, Output: { taken: true }, Next: 'End' }],
        Assign: { by: 'default' },
        Default: 'End',
      },
      End: { Type: 'Pass', Output: { by: '{% $by %}', input: '{% $states.input %}' }, End: true },
    },
  });

  it('takes the output and the variables of the rule that holds', async () => {
    const { output } = await run(machine('{% $states.input.n > 1 %}'), { n: 2 });
    expect(output).toEqual({ by: 'rule', input: { taken: true } });
  });

  it('takes those of the state for the default', async () => {
    const { output } = await run(machine('{% $states.input.n > 1 %}'), { n: 1 });
    expect(output).toEqual({ by: 'default', input: { n: 1 } });
  });

  it('wants a boolean', async () => {
    const { output, types } = await run(machine('{% $states.input.n %}'), { n: 1 });
    expect(output.error).toBe('States.QueryEvaluationError');
    expect(types).toContain('EvaluationFailed');
  });
});
