import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { derive, window } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

const schema = z.object({ k: z.string().nullable(), day: z.int(), n: z.int().nullable(), x: z.number() });
const rows = [
  { k: 'a', day: 3, n: 30, x: 0.3 },
  { k: 'b', day: 1, n: 5, x: 1e300 },
  { k: 'a', day: 1, n: 10, x: 0.1 },
  { k: 'a', day: 2, n: null, x: 0.2 },
  { k: 'b', day: 2, n: 6, x: -1e300 },
  { k: 'a', day: 4, n: 40, x: 1e-9 },
  { k: 'b', day: 3, n: 7, x: 0.7 },
  { k: null, day: 1, n: 1, x: 1 },
];

async function computed(columns: Parameters<typeof window>[0]['columns'], key = 'a') {
  const applied = await apply(rows, { schema }, [window({ by: ['k'], order: ['day'], columns })]);
  expect(applied.count).toMatchObject({ rowsIn: 8, rowsOut: 8 });
  const own = applied.rows.filter(({ k }) => k === key).sort((one, other) => one.day - other.day);
  return { own, applied };
}

test('looks at the rows before and behind', async () => {
  const { own, applied } = await computed({
    before: 'lag(n)',
    two: 'lag(n, 2, -1)',
    behind: 'lead(n)',
    first: 'first_value(n)',
  });
  expect(own.map(({ before, two, behind, first }) => [before, two, behind, first])).toEqual([
    [null, -1, null, 10],
    [10, -1, 30, 10],
    [null, 10, 40, 10],
    [30, null, null, 10],
  ]);
  expect(applied.types).toMatchObject({ before: 'BIGINT', behind: 'BIGINT' });
});

test('adds up to the current row, or over a frame', async () => {
  const { own } = await computed({
    soFar: 'sum(n)',
    rows: 'count(*)',
    moving: { call: 'avg(n)', preceding: 1 },
    around: { call: 'max(day)', preceding: 1, following: 1 },
    left: { call: 'sum(n)', preceding: 0, following: 'all' },
  });
  expect(own.map(({ soFar, rows, moving, around, left }) => [soFar, rows, moving, around, left])).toEqual([
    [10, 1, 10, 2, 80],
    [10, 2, 10, 3, 70],
    [40, 3, 30, 4, 70],
    [80, 4, 35, 4, 40],
  ]);
});

test('sums of floating-point numbers do not depend on the rows of other keys', async () => {
  const { own } = await computed({ soFar: 'sum(x)', mean: { call: 'avg(x)', preceding: 1 } }, 'b');
  expect(own.map(({ soFar, mean }) => [soFar, mean])).toEqual([
    [1e300, 1e300],
    [0, 0],
    [0.7, -5e299],
  ]);
});

test('ranks by share', async () => {
  const { own } = await computed({ share: 'cume_dist()', third: 'ntile(2)', place: 'rank()' });
  expect(own.map(({ share, third, place }) => [share, third, place])).toEqual([
    [0.25, 1, 1],
    [0.5, 1, 2],
    [0.75, 2, 3],
    [1, 2, 4],
  ]);
});

test('equal rows stand by their place in the source', async () => {
  const applied = await apply(rows, { schema }, [
    derive({ same: '1' }),
    window({ by: [], order: ['same'], columns: { before: 'lag(x)' } }),
  ]);
  expect(applied.rows.find(({ x }) => x === 0.7)).toMatchObject({ before: 1e-9 });
});

describe('refuses', () => {
  const wanted = (columns: object) => ({ by: ['name'], order: ['day'], columns }) as Parameters<typeof window>[0];
  test.each([
    [
      'an unknown column',
      { c: 'lag(amuont)' },
      { part: 'main.1-window / columns / c', change: 'did you mean "amount"?' },
    ],
    ['what is no call', { c: 'amount + 1' }, { problem: expect.stringContaining('not one call') }],
    ['more than a call', { c: 'amount - lag(amount)' }, { problem: expect.stringContaining('not one call') }],
    ['a function of one row', { c: 'abs(amount)' }, { problem: expect.stringContaining('not one call') }],
    ['an aggregate that is not exact', { c: 'stddev(amount)' }, { problem: expect.stringContaining('not one call') }],
    ['a window of its own', { c: 'sum(amount) OVER ()' }, { problem: expect.stringContaining('window function') }],
    ['a number of parts that is none', { c: 'ntile(0)' }, { problem: expect.stringContaining('number of parts') }],
    ['a name that is taken', { amount: 'lag(amount)' }, { problem: 'there are two columns "amount"' }],
    [
      'a frame that is none',
      { c: { call: 'sum(amount)', preceding: -1 } },
      { part: 'main / window / columns / c / preceding' },
    ],
  ])('%s', async (_, columns, expected) => {
    expect((await mistakesIn(window(wanted(columns))))[0]).toMatchObject(expected);
  });
});
