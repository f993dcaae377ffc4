import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { deduplicate, rank } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

const schema = z.object({ k: z.string().nullable(), n: z.int().nullable(), id: z.int() });
const rows = [
  { k: 'a', n: 5, id: 1 },
  { k: 'a', n: 5, id: 2 },
  { k: 'b', n: 1, id: 3 },
  { k: 'a', n: 7, id: 4 },
  { k: null, n: 2, id: 5 },
  { k: 'a', n: null, id: 6 },
  { k: null, n: 3, id: 7 },
];
const order = [{ column: 'n', descending: true }];
const places = (applied: Awaited<ReturnType<typeof apply>>, name = 'rank') =>
  Object.fromEntries(applied.rows.map((row) => [row.id, row[name]]));

test('numbers the rows of each group, equal ones by their place in the source, NULLs last', async () => {
  const applied = await apply(rows, { schema }, [rank({ by: ['k'], order })]);
  expect(places(applied)).toEqual({ 4: 1, 1: 2, 2: 3, 6: 4, 3: 1, 7: 1, 5: 2 });
  expect(applied.types).toMatchObject({ rank: 'BIGINT' });
  expect(applied.count).toMatchObject({ rowsIn: 7, rowsOut: 7 });
});

test.each([
  ['rank', { 4: 1, 1: 2, 2: 2, 6: 4 }],
  ['dense_rank', { 4: 1, 1: 2, 2: 2, 6: 3 }],
] as const)('equal rows share a place by %s', async (ties, expected) => {
  const applied = await apply(rows, { schema }, [rank({ by: ['k'], order, as: 'place', ties })]);
  expect(places(applied, 'place')).toMatchObject(expected);
});

test('lets the top of each group go on, and counts the others', async () => {
  const applied = await apply(rows, { schema }, [
    rank({ by: ['k'], order, top: 2 }),
    deduplicate({ key: ['k', 'rank'] }),
  ]);
  expect(places(applied)).toEqual({ 4: 1, 1: 2, 3: 1, 7: 1, 5: 2 });
  const ranked = await apply(rows, { schema }, [rank({ by: ['k'], order, top: 1, ties: 'rank' })]);
  expect(ranked.count).toMatchObject({ rowsOut: 3, filtered: 4, rules: { 'rank up to 1': 4 } });
});

test('takes all rows for one group where none is named', async () => {
  const applied = await apply(rows, { schema }, [rank({ by: [], order: ['n', 'id'], top: 3 })]);
  expect(places(applied)).toEqual({ 3: 1, 5: 2, 7: 3 });
});

test('tells where a rank comes from', async () => {
  const { code } = await apply(rows, { schema }, [rank({ by: ['k'], order })]);
  const node = code.plan.nodes.find(({ component }) => component === 'rank');
  expect(node).toMatchObject({ meetBy: ['k'], lineage: { k: ['main:k'], rank: ['main:k', 'main:n'] } });
});

describe('refuses', () => {
  test.each([
    ['an unknown group', { by: ['nmae'], order: ['day'] }, { part: 'main.1-rank / by / 0' }],
    [
      'an unknown order',
      { by: [], order: ['dya'] },
      { part: 'main.1-rank / order / 0', change: 'did you mean "day"?' },
    ],
    [
      'an unknown order, written out',
      { by: [], order: [{ column: 'dya' }] },
      { part: 'main.1-rank / order / 0 / column' },
    ],
    ['no order', { by: [], order: [] }, { part: 'main / rank / order' }],
    ['a name that is taken', { by: [], order: ['day'], as: 'Name' }, { problem: 'there are two columns "Name"' }],
    ['a top of nothing', { by: [], order: ['day'], top: 0 }, { part: 'main / rank / top' }],
    ['an unknown option', { by: [], order: ['day'], limit: 3 } as never, { problem: 'there is no option "limit"' }],
  ])('%s', async (_, options, expected) => {
    expect(await mistakesIn(rank(options))).toMatchObject([expected]);
  });
});
