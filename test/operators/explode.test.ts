import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { cast, deduplicate, derive, explode, filter, map } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

const schema = z.object({ id: z.int(), tags: z.string().nullable() });
const rows = [
  { id: 1, tags: 'a,b,c' },
  { id: 2, tags: null },
  { id: 3, tags: 'd' },
  { id: 4, tags: '' },
];
/** Lists of three, none (NULL), one and no element, the second of three NULL. */
const lists = derive({
  tags: "list_transform(list_filter(string_split(tags, ','), lambda tag: tag <> ''), lambda tag: nullif(tag, 'b'))",
});

test('makes a row of each element, and keeps a row without any', async () => {
  const applied = await apply(rows, { schema }, [lists, explode('tags', { as: 'tag', position: 'place' })]);
  expect(applied.types).toEqual({ id: 'BIGINT', tag: 'VARCHAR', place: 'BIGINT' });
  expect(applied.rows).toEqual([
    { id: 1, tag: 'a', place: 1 },
    { id: 1, tag: null, place: 2 },
    { id: 1, tag: 'c', place: 3 },
    { id: 2, tag: null, place: null },
    { id: 3, tag: 'd', place: 1 },
    { id: 4, tag: null, place: null },
  ]);
  expect(applied.count).toEqual({
    rowsIn: 4,
    rowsOut: 6,
    multiplied: 2,
    rejected: 0,
    filtered: 0,
    merged: 0,
    rules: {},
  });
});

test('filters rows without elements under the name of a rule, where that is asked for', async () => {
  const applied = await apply(rows, { schema }, [lists, explode('tags', { empty: 'drop' })]);
  expect(applied.rows.map(({ tags }) => tags)).toEqual(['a', null, 'c', 'd']);
  expect(applied.count).toMatchObject({
    rowsIn: 4,
    rowsOut: 4,
    multiplied: 2,
    filtered: 2,
    rules: { 'tags has elements': 2 },
  });
});

test('names each of the rows, so that later steps tell them apart and find the first', async () => {
  const applied = await apply(
    [
      { id: 1, tags: 'x,y,x' },
      { id: 2, tags: 'y' },
    ],
    { schema },
    [lists, explode('tags', { position: 'place' }), deduplicate({ key: ['tags'] })],
  );
  expect(applied.rows).toHaveLength(2);
  expect(applied.rows).toEqual(
    expect.arrayContaining([
      { id: 1, tags: 'x', place: 1 },
      { id: 1, tags: 'y', place: 2 },
    ]),
  );
  expect(applied.count).toMatchObject({ rowsIn: 4, merged: 2 });
});

test('sets a part of a row aside with the place of the whole one', async () => {
  const applied = await apply(
    [
      { id: 7, tags: '1' },
      { id: 8, tags: '2,x,y' },
    ],
    { schema },
    [lists, explode('tags'), cast({ tags: 'BIGINT' })],
  );
  expect(applied.rows).toEqual([
    { id: 7, tags: 1 },
    { id: 8, tags: 2 },
  ]);
  expect(applied.rejects.map(({ row, raw }) => [row, raw])).toEqual([
    [2, '{"id":8,"tags":"x"}'],
    [2, '{"id":8,"tags":"y"}'],
  ]);
});

test('explodes lists of lists one after the other, and hands its rows to functions', async () => {
  const applied = await apply([{ id: 1, tags: 'ab,c' }], { schema }, [
    derive({ tags: "list_transform(string_split(tags, ','), lambda tag: string_split(tag, ''))" }),
    explode('tags', { position: 'outer' }),
    explode('tags', { position: 'inner' }),
    filter("tags <> 'b'"),
    map(z.object({ text: z.string() }), ({ tags, outer, inner }) => ({ text: `${tags}${outer}${inner}` })),
  ]);
  expect(applied.rows).toEqual([{ text: 'a11' }, { text: 'c21' }]);
});

test('takes lists of a fixed length, and keeps structures whole', async () => {
  const applied = await apply([{ id: 1, tags: 'q' }], { schema }, [
    derive({ tags: '[{\'a b\': id}, NULL]::STRUCT("a b" BIGINT)[2]' }),
    explode('tags'),
    derive({ tags: 'to_json(tags)::VARCHAR' }),
  ]);
  expect(applied.rows).toEqual([
    { id: 1, tags: '{"a b":1}' },
    { id: 1, tags: null },
  ]);
});

describe('refuses', () => {
  test.each([
    ['a column that is not there', explode('nmae'), { change: 'did you mean "name"?' }],
    [
      'a column that is no list',
      explode('name'),
      { received: 'VARCHAR', allowed: 'a column of lists, e.g. VARCHAR[]' },
    ],
    ['an unknown option', explode('name', { outer: true } as never), { problem: 'there is no option "outer"' }],
    ['an option that is none', explode('name', { empty: 'null' } as never), { allowed: ['keep', 'drop'] }],
  ])('%s', async (_, step, expected) => {
    expect(await mistakesIn(step)).toMatchObject([expected]);
  });

  test('a name that another column has', async () => {
    const main = apply([], { schema }, [lists, explode('tags', { position: 'ID' })]);
    await expect(main).rejects.toThrow('there are two columns "ID"');
  });
});
