import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { validate } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

const schema = z.object({ from: z.int(), to: z.int().nullable(), s: z.string() });
const rows = [
  { from: 1, to: 2, s: 'a' },
  { from: 3, to: 2, s: '' },
  { from: 3, to: null, s: 'b' },
  { from: 9, to: 10, s: '' },
];

test('rejects a row that breaks a rule, once, under the first rule, with all reasons', async () => {
  const applied = await apply(rows, { schema }, [
    validate({
      'ends after it begins': { column: 'to', holds: '"to" >= "from"' },
      'has a text': { column: 's', holds: "s <> ''" },
    }),
  ]);
  expect(applied.rows).toEqual([rows[0], rows[2]]);
  expect(applied.count).toMatchObject({ rejected: 2, rules: { 'ends after it begins': 1, 'has a text': 1 } });
  expect(applied.rejects).toEqual([
    {
      row: 2,
      rule: 'ends after it begins',
      reason: 'to: "2" breaks the rule "ends after it begins"; s: "" breaks the rule "has a text"',
      raw: '{"from":3,"to":2,"s":""}',
    },
    { row: 4, rule: 'has a text', reason: 's: "" breaks the rule "has a text"', raw: '{"from":9,"to":10,"s":""}' },
  ]);
});

test('gives each reject the severity of the rule, and counts what no row may break', async () => {
  const applied = await apply(rows, { schema }, [
    validate({
      'ends after it begins': { column: 'to', holds: '"to" >= "from"', severity: 'critical' },
      'has a text': { column: 's', holds: "s <> ''", severity: 'minor' },
    }),
  ]);
  expect(applied.severities).toEqual(['critical', 'minor']);
  expect(applied.count).toMatchObject({ rejected: 2, critical: 1 });
});

test('takes a rule that is NULL for kept', async () => {
  const applied = await apply(rows, { schema }, [validate({ known: { column: 'to', holds: '"to" < 100' } })]);
  expect(applied.rows).toHaveLength(4);
});

test('knows rules that end in a comment or hold an OR', async () => {
  const applied = await apply(rows, { schema }, [
    validate({ "it's": { column: 's', holds: "s = 'a' OR s = 'b' -- or nothing" } }),
  ]);
  expect(applied.rows.map(({ s }) => s)).toEqual(['a', 'b']);
});

describe('refuses', () => {
  test.each([
    [
      'a column that is not there',
      { column: 'nmae', holds: 'true' },
      { part: 'main.1-validate / rules / r / column', change: 'did you mean "name"?' },
    ],
    [
      'an unknown column in the rule',
      { column: 'name', holds: 'amuont > 1' },
      { part: 'main.1-validate / rules / r / holds', received: 'amuont' },
    ],
    [
      'what is no condition',
      { column: 'name', holds: 'name' },
      { problem: '"name" cannot stand here: it gives VARCHAR' },
    ],
    [
      'what is no expression',
      { column: 'name', holds: 'true) OR (' },
      { problem: expect.stringContaining('it ends too early') },
    ],
    [
      'an aggregate',
      { column: 'amount', holds: 'amount < avg(amount)' },
      { part: 'main.1-validate / rules / r / holds' },
    ],
    [
      'time',
      { column: 'day', holds: 'day < current_date' },
      { problem: expect.stringContaining('it calls current_date') },
    ],
    [
      'a severity that is none',
      { column: 'name', holds: 'true', severity: 'mayor' } as never,
      { received: 'mayor', change: 'did you mean "major"?' },
    ],
    [
      'an unknown option',
      { column: 'name', holds: 'true', level: 'warn' } as never,
      { problem: 'there is no option "level"' },
    ],
  ])('%s', async (_, rule, expected) => {
    expect(await mistakesIn(validate({ r: rule }))).toMatchObject([expected]);
  });
});
