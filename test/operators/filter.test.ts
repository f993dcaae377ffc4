import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { filter } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

const schema = z.object({ n: z.int().nullable(), s: z.string() });
const rows = [
  { n: 1, s: 'a' },
  { n: 5, s: "it's" },
  { n: null, s: 'b' },
];

test('keeps the rows for which the condition is true; NULL is not true', async () => {
  const applied = await apply(rows, { schema }, [filter('n > 1')]);
  expect(applied.rows).toEqual([{ n: 5, s: "it's" }]);
  expect(applied.count).toMatchObject({ rowsIn: 3, rowsOut: 1, filtered: 2, rules: { 'n > 1': 2 } });
});

test('counts under the name that it is given', async () => {
  const applied = await apply(rows, { schema }, [filter('n IS NOT NULL', { rule: 'unknown "n"' })]);
  expect(applied.count.rules).toEqual({ 'unknown "n"': 1 });
});

test('lets all rows go on, or none', async () => {
  expect((await apply(rows, { schema }, [filter('true')])).count).toMatchObject({ rowsOut: 3, rules: {} });
  expect((await apply(rows, { schema }, [filter('false')])).count).toMatchObject({ rowsOut: 0, rules: { false: 3 } });
});

test('knows texts with quotes, and comments', async () => {
  expect((await apply(rows, { schema }, [filter("s = 'it''s' -- a comment")])).rows).toHaveLength(1);
});

describe('refuses', () => {
  test.each([
    ['an unknown column', 'amuont > 1', { part: 'main.1-filter / condition', change: 'did you mean "amount"?' }],
    [
      'what is no condition',
      'amount',
      { problem: '"amount" cannot stand here: it gives BIGINT', allowed: 'an expression that gives BOOLEAN' },
    ],
    [
      'a comparison that is never true',
      'name = NULL OR amount <> 3',
      { problem: expect.stringContaining('compares with NULL'), change: expect.stringContaining('IS NULL') },
    ],
    ['an aggregate', 'sum(amount) > 1', { problem: expect.stringContaining('it is an aggregate') }],
    ['a subquery', 'amount IN (SELECT 1)', { problem: expect.stringContaining('a subquery') }],
    ['time', 'day < today()', { problem: expect.stringContaining('it calls today') }],
    ['nothing', '', { part: 'main / filter / condition' }],
  ])('%s', async (_, condition, expected) => {
    expect(await mistakesIn(filter(condition))).toMatchObject([expected]);
  });

  test('an unknown option', async () => {
    const [problem] = await mistakesIn(filter('true', { name: 'x' } as never));
    expect(problem).toMatchObject({ problem: 'there is no option "name"', allowed: ['condition', 'rule'] });
  });
});
