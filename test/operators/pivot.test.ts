import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { cast, decimal, pivot } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

const schema = z.object({ day: z.string().nullable(), state: z.string().nullable(), n: z.int().nullable() });
const rows = [
  { day: 'mo', state: 'open', n: 1 },
  { day: 'mo', state: 'shut', n: 2 },
  { day: 'tu', state: 'open', n: 4 },
  { day: 'mo', state: 'open', n: 8 },
  { day: 'tu', state: null, n: 16 },
  { day: 'tu', state: 'lost', n: 32 },
];

test('makes a column of each value, with the aggregate of its rows', async () => {
  const applied = await apply(rows, { schema }, [
    pivot({ by: ['day'], column: 'state', values: ['open', 'shut'], cell: 'sum(n)', other: 'rest' }),
  ]);
  expect([...applied.rows].sort((a, b) => (a.day < b.day ? -1 : 1))).toEqual([
    { day: 'mo', open: 9, shut: 2, rest: null },
    { day: 'tu', open: 4, shut: null, rest: 48 },
  ]);
  expect(applied.count).toMatchObject({ rowsIn: 6, rowsOut: 2, merged: 4, rules: { 'group by day': 4 } });
  const node = applied.code.plan.nodes.find(({ component }) => component === 'pivot');
  expect(node).toMatchObject({ merges: true, lineage: { open: ['main:n', 'main:state'] } });
});

test('names columns otherwise, computes with several aggregates, and takes values of other types', async () => {
  const applied = await apply(rows, { schema }, [
    cast({ n: 'INTEGER' }),
    pivot({
      by: [],
      column: 'n',
      values: { one: 1, two: 2, none: 3 },
      cell: "count(*) FILTER (day = 'mo') * 10 + count(*)",
    }),
  ]);
  expect(applied.rows).toEqual([{ one: 11, two: 11, none: 0 }]);
});

test('takes fractions and days of columns that can have them', async () => {
  const record = z.object({ part: z.number(), price: decimal(9, 2), day: z.iso.date() });
  const given = [
    { part: 0.5, price: '1.25', day: '2024-01-01' },
    { part: 1, price: '1.20', day: '2024-01-02' },
  ];
  const counted = async (column: string, values: readonly (string | number)[]) =>
    (await apply(given, { schema: record }, [pivot({ by: [], column, values: [...values], cell: 'count(*)' })])).rows;
  expect(await counted('part', [0.5, 1e-7])).toEqual([{ '0.5': 1, '1e-7': 0 }]);
  expect(await counted('price', [1.25, 1.2])).toEqual([{ '1.25': 1, '1.2': 1 }]);
  expect(await counted('day', ['2024-01-02'])).toEqual([{ '2024-01-02': 1 }]);
});

describe('refuses', () => {
  const options = { by: [], column: 'name', values: ['a'], cell: 'count(*)' };
  test.each([
    ['an unknown column', { ...options, column: 'nmae' }, { part: 'main.1-pivot / column' }],
    ['an unknown group', { ...options, by: ['dya'] }, { part: 'main.1-pivot / by / 0' }],
    [
      'a value that the column cannot have',
      { ...options, values: [1] },
      { part: 'main.1-pivot / values / 0', received: 'VARCHAR' },
    ],
    [
      'a fraction among whole numbers, which would be rounded',
      { ...options, column: 'amount', values: [1, 1.5] },
      { part: 'main.1-pivot / values / 1', received: 'BIGINT' },
    ],
    [
      'a time among days, which would be cut off',
      { ...options, column: 'day', values: { noon: '2024-01-01 12:00:00' } },
      { part: 'main.1-pivot / values / noon', received: 'DATE' },
    ],
    [
      'a day that no calendar has',
      { ...options, column: 'day', values: ['2024-01-01', '2024-02-30'] },
      { part: 'main.1-pivot / values / 1', received: "'2024-02-30'", allowed: 'a text that is a DATE' },
    ],
    ['a cell that is no aggregate', { ...options, cell: 'amount' }, { part: 'main.1-pivot / cell' }],
    ['a column twice', { ...options, values: ['a', 'A'] }, { problem: 'there are two columns "A"' }],
    ['no values', { ...options, values: [] }, { part: 'main / pivot / values' }],
    ['an unknown option', { ...options, agg: 'x' } as never, { problem: 'there is no option "agg"' }],
  ])('%s', async (_, given, expected) => {
    expect((await mistakesIn(pivot(given)))[0]).toMatchObject(expected);
  });

  test('values of lists', async () => {
    const rows = [{ name: 'a', day: '2024-01-01', amount: 1, tags: ['x'] }];
    const tagged = z.object({ name: z.string(), day: z.iso.date(), amount: z.int(), tags: z.array(z.string()) });
    await expect(apply(rows, { schema: tagged }, [pivot({ ...options, column: 'tags' })])).rejects.toMatchObject({
      problems: [{ part: 'main.1-pivot / values / 0', received: 'VARCHAR[]' }],
    });
  });
});
