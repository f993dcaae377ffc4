import { describe, expect, it } from 'vitest';
import { run } from './run-definition.ts';

const large = 'x'.repeat(262_144);

describe('the size of data', () => {
  it('of a state’s output ends the state', async () => {
    const { output } = await run({
      QueryLanguage: 'JSONata',
      StartAt: 'Grow',
      States: { Grow: { Type: 'Pass', Output: `{% $pad('x', 262143) %}`, End: true } },
    });
    expect(output).toEqual({
      error: 'States.DataLimitExceeded',
      cause: "The state/task 'Grow' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  it('is counted in bytes of UTF-8', async () => {
    const machine = (text: string) => ({
      StartAt: 'Pass',
      States: { Pass: { Type: 'Pass', Result: text, End: true } },
    });
    expect((await run(machine('x'.repeat(262_142)))).outcome.status).toBe('SUCCEEDED');
    expect((await run(machine('é'.repeat(131_072)))).output.error).toBe('States.DataLimitExceeded');
  });

  it('of a task’s answer fails the task, which may be caught', async () => {
    const { output } = await run(
      {
        StartAt: 'Work',
        States: {
          Work: {
            Type: 'Task',
            Resource: 'arn:aws:lambda:eu-central-1:123456789012:function:work',
            Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'Mend' }],
            End: true,
          },
          Mend: { Type: 'Pass', Result: 'mended', End: true },
        },
      },
      {},
      { tasks: { Work: [large] } },
    );
    expect(output).toBe('mended');
  });

  it.each([
    ["$pad('x', 262142)", 'SUCCEEDED'],
    ["$pad('x', 262143)", 'FAILED'],
    ["$pad('é', 131072, 'é')", 'FAILED'],
  ])('of the variables of one Assign ends the execution: %s', async (expression, status) => {
    const Assign = { text: `{% ${expression} %}` };
    const { outcome } = await run({
      QueryLanguage: 'JSONata',
      StartAt: 'Keep',
      States: { Keep: { Type: 'Pass', Assign, End: true } },
    });
    expect(outcome.status).toBe(status);
    if (outcome.status !== 'SUCCEEDED') expect(outcome.error).toBe('States.DataLimitExceeded');
  });

  it('of all variables together, wherever they were assigned, ends the execution', async () => {
    const keep = (count: number) => ({ Assign: { [`text${count}`]: "{% $pad('x', 262000) %}" } });
    const names = Array.from({ length: 41 }, (_, index) => `Keep${index}`);
    const States = Object.fromEntries(
      names.map((name, index) => [name, { Type: 'Pass', ...keep(index), Next: names[index + 1] ?? 'Done' }]),
    );
    const all = { QueryLanguage: 'JSONata', StartAt: 'Keep0', States: { ...States, Done: { Type: 'Succeed' } } };
    const { output, types } = await run(all);
    expect(output.error).toBe('States.DataLimitExceeded');
    expect(types.filter((type) => type === 'PassStateExited')).toHaveLength(40);
  });
});

it('ends an execution whose history is full', async () => {
  const { output, events } = await run({
    StartAt: 'Again',
    States: { Again: { Type: 'Pass', Next: 'More' }, More: { Type: 'Pass', Next: 'Again' } },
  });
  expect(output.error).toBe('States.Runtime');
  expect(output.cause).toContain('25000');
  expect(events).toHaveLength(25_000);
});

it('ends an execution by its own TimeoutSeconds', async () => {
  const { outcome, types, seconds } = await run({
    TimeoutSeconds: 7,
    StartAt: 'Wait',
    States: { Wait: { Type: 'Wait', Seconds: 60, End: true } },
  });
  expect(outcome).toEqual({ status: 'TIMED_OUT' });
  expect(seconds).toBe(7);
  expect(types.at(-1)).toBe('ExecutionTimedOut');
});
