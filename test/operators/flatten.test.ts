import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { structFields } from '../../lib/component/struct-type.ts';
import { derive, flatten } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

const schema = z.object({ n: z.int() });
const nested = derive({
  place: "CASE WHEN n = 1 THEN {'city': 'Ulm', 'at': {'x y': 9007199254740993, 'list': [n]}} END",
  other: "{'city': n}",
});
const run = (...args: Parameters<typeof flatten>) =>
  apply([{ n: 1 }, { n: 2 }], { schema }, [nested, flatten(...args), derive({ all: "'x'" })]);

test('opens all structures, the inner ones too; of one that is NULL all members are', async () => {
  const applied = await apply([{ n: 1 }, { n: 2 }], { schema }, [
    nested,
    flatten(),
    derive({ place_at_list: 'to_json(place_at_list)::VARCHAR', 'place_at_x y': '"place_at_x y"::VARCHAR' }),
  ]);
  expect(applied.rows).toEqual([
    { n: 1, place_city: 'Ulm', 'place_at_x y': '9007199254740993', place_at_list: '[1]', other_city: 1 },
    { n: 2, place_city: null, 'place_at_x y': null, place_at_list: null, other_city: 2 },
  ]);
  const node = applied.code.plan.nodes.find(({ component }) => component === 'flatten')!;
  expect(node).toMatchObject({
    lineage: { place_city: ['main.1-derive:place'], 'place_at_x y': ['main.1-derive:place'] },
  });
});

test('opens one level of one column, under names without a prefix', async () => {
  const applied = await apply([{ n: 1 }], { schema }, [
    nested,
    flatten({ columns: ['place'], prefix: false, depth: 1 }),
    derive({ at: 'to_json("at")::VARCHAR', other: 'to_json(other)::VARCHAR' }),
  ]);
  expect(applied.rows).toEqual([{ n: 1, city: 'Ulm', at: '{"x y":9007199254740993,"list":[1]}', other: '{"city":1}' }]);
});

test.each<[string, ReturnType<typeof structFields>]>([
  [
    'STRUCT(a BIGINT, "b ""c"", (" VARCHAR[])',
    [
      { name: 'a', type: 'BIGINT' },
      { name: 'b "c", (', type: 'VARCHAR[]' },
    ],
  ],
  [
    'STRUCT(d DECIMAL(38,20), s STRUCT("at" TIMESTAMP WITH TIME ZONE)[2])',
    [
      { name: 'd', type: 'DECIMAL(38,20)' },
      { name: 's', type: 'STRUCT("at" TIMESTAMP WITH TIME ZONE)[2]' },
    ],
  ],
  ["STRUCT(e ENUM('a, b', 'it''s )'))", [{ name: 'e', type: "ENUM('a, b', 'it''s )')" }]],
  ['STRUCT(a BIGINT)[]', undefined],
  ['STRUCT(a BIGINT)[][3]', undefined],
  ['BIGINT', undefined],
])('reads the members of %s', (type, fields) => {
  expect(structFields(type)).toEqual(fields);
});

describe('refuses', () => {
  test.each<[string, ReturnType<typeof flatten>, object]>([
    ['a column that is not there', flatten({ columns: ['nmae'] }), { change: 'did you mean "name"?' }],
    [
      'a column that is no structure',
      flatten({ columns: ['name'] }),
      { received: 'VARCHAR', allowed: 'a column of structures' },
    ],
    ['an unknown option', flatten({ deep: 1 } as never), { problem: 'there is no option "deep"' }],
    ['a depth of nothing', flatten({ depth: 0 }), { part: 'main / flatten / depth' }],
  ])('%s', async (_, step, expected) => {
    expect(await mistakesIn(step)).toMatchObject([expected]);
  });

  test('two members of one name', async () => {
    await expect(run({ prefix: false })).rejects.toThrow('there are two columns "city"');
  });
});
