import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { aggregate } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

const schema = z.object({ k: z.string().nullable(), n: z.int().nullable() });
const rows = [
  { k: 'a', n: 1 },
  { k: 'b', n: 5 },
  { k: 'a', n: 3 },
  { k: null, n: 7 },
  { k: null, n: null },
];

test('makes one row of each group, over all chunks; NULLs are one group', async () => {
  const measures = { rows: 'count(*)', filled: 'count(n)', sum: 'sum(n)', mean: 'avg(n)', most: 'max(n)' };
  const applied = await apply(rows, { schema }, [aggregate({ by: ['k'], measures })]);
  expect([...applied.rows].sort((a, b) => a.rows - b.rows || a.sum - b.sum)).toEqual([
    { k: 'b', rows: 1, filled: 1, sum: 5, mean: 5, most: 5 },
    { k: 'a', rows: 2, filled: 2, sum: 4, mean: 2, most: 3 },
    { k: null, rows: 2, filled: 1, sum: 7, mean: 7, most: 7 },
  ]);
  expect(applied.count).toMatchObject({ rowsIn: 5, rowsOut: 3, merged: 2, rules: { 'group by k': 2 } });
  expect(applied.types).toEqual({
    k: 'VARCHAR',
    rows: 'BIGINT',
    filled: 'BIGINT',
    sum: 'HUGEINT',
    mean: 'DOUBLE',
    most: 'BIGINT',
  });
});

test('makes one group of everything where no columns are named', async () => {
  const applied = await apply(rows, { schema }, [aggregate({ by: [], measures: { sum: 'sum(n)' } })]);
  expect([applied.rows, applied.count.rules]).toEqual([[{ sum: 16 }], { 'one group of all rows': 4 }]);
});

test('publishes nothing of nothing', async () => {
  expect((await apply([], { schema }, [aggregate({ by: [], measures: { rows: 'count(*)' } })])).rows).toEqual([]);
});

test('knows filters, distinct values and more than one column of a group', async () => {
  const measures = { large: 'count(*) FILTER (n > 2)', kinds: 'count(DISTINCT n)', share: 'count(n) / count(*)' };
  const applied = await apply(rows, { schema }, [aggregate({ by: ['k', 'n'], measures })]);
  expect(applied.rows).toHaveLength(5);
  expect(applied.rows.filter(({ large }) => large === 1)).toHaveLength(3);
});

test('sums 64-bit integers beyond 64 bits', async () => {
  const large = 9_007_199_254_740_991;
  const many = Array.from({ length: 6 }, () => ({ k: 'a', n: large }));
  const applied = await apply(many, { schema }, [
    aggregate({ by: ['k'], measures: { sum: 'sum(n * 1024)::VARCHAR' } }),
  ]);
  expect(applied.rows).toEqual([{ k: 'a', sum: String(BigInt(large) * 1024n * 6n) }]);
});

describe('refuses', () => {
  const measures = { rows: 'count(*)' };
  test.each([
    [
      'a column that is not there',
      { by: ['nmae'], measures },
      { part: 'main.1-aggregate / by / 0', change: 'did you mean "name"?' },
    ],
    [
      'an unknown column in a measure',
      { by: [], measures: { x: 'sum(amuont)' } },
      { part: 'main.1-aggregate / measures / x', change: 'did you mean "amount"?' },
    ],
    [
      'a measure that is no aggregate',
      { by: [], measures: { x: 'amount + 1' } },
      { problem: expect.stringContaining('it is not an aggregate') },
    ],
    [
      'a constant as a measure',
      { by: [], measures: { x: '1' } },
      { problem: expect.stringContaining('it is not an aggregate') },
    ],
    [
      'a column beside an aggregate',
      { by: [], measures: { x: 'sum(amount) + amount' } },
      { part: 'main.1-aggregate / measures / x' },
    ],
    [
      'a measure of the name of a group',
      { by: ['name'], measures: { Name: 'count(*)' } },
      { problem: 'there are two columns "Name"' },
    ],
    [
      'an aggregate that depends on the order of rows',
      { by: [], measures: { x: 'first(name)' } },
      { problem: expect.stringContaining('without ORDER BY') },
    ],
    ['a table without columns', { by: [], measures: {} }, { problem: expect.stringContaining('no column') }],
    ['an unknown option', { by: [], measures, having: 'x' } as never, { problem: 'there is no option "having"' }],
    ['an empty name', { by: [''], measures }, { part: 'main / aggregate / by / 0' }],
  ])('%s', async (_, options, expected) => {
    expect(await mistakesIn(aggregate(options))).toMatchObject([expected]);
  });
});
