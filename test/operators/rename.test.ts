import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { rename } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

const schema = z.object({ 'Cost $': z.int(), b: z.string(), c: z.string() });

test('gives columns new names and keeps their order', async () => {
  const applied = await apply([{ 'Cost $': 1, b: 'x', c: 'y' }], { schema }, [
    rename({ 'Cost $': 'cost', c: 'select' }),
  ]);
  expect(applied.rows).toEqual([{ cost: 1, b: 'x', select: 'y' }]);
  expect(Object.keys(applied.types)).toEqual(['cost', 'b', 'select']);
});

test('exchanges two names', async () => {
  const applied = await apply([{ 'Cost $': 1, b: 'x', c: 'y' }], { schema }, [rename({ b: 'c', c: 'b' })]);
  expect(applied.rows).toEqual([{ 'Cost $': 1, c: 'x', b: 'y' }]);
});

test('a name of an object in JavaScript is a name like any other', async () => {
  const applied = await apply([{ 'Cost $': 1, b: 'x', c: 'y' }], { schema }, [rename({ b: 'constructor' })]);
  expect(applied.rows).toEqual([{ 'Cost $': 1, constructor: 'x', c: 'y' }]);
});

describe('refuses', () => {
  test.each([
    [
      'a column that is not there',
      { amuont: 'x' },
      { part: 'main.1-rename / columns / amuont', change: 'did you mean "amount"?' },
    ],
    ['the name of another column', { name: 'day' }, { problem: 'there are two columns "day"' }],
    ['the name of another column in other letters', { name: 'DAY' }, { problem: 'there are two columns "day"' }],
    ['one name for two columns', { name: 'x', day: 'X' }, { problem: 'there are two columns "X"' }],
    ["a name of Penstock's own", { name: '__row' }, { problem: 'the name "__row" is kept for Penstock' }],
    ['an empty name', { name: '' }, { part: 'main / rename / columns / name' }],
    ['a name that is no text', { name: 7 } as never, { part: 'main / rename / columns / name', received: 7 }],
  ])('%s', async (_, columns, expected) => {
    expect(await mistakesIn(rename(columns))).toMatchObject([expected]);
  });
});
