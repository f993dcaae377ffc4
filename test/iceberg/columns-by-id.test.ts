import { expect, test } from 'vitest';
import { columnsById } from '../../lib/iceberg/columns-by-id.ts';

type Field = readonly [id: number, name: string, type?: string];
const table = (schemas: readonly (readonly Field[])[], current = schemas.length - 1, properties = {}) => ({
  schemas: schemas.map((fields, id) => ({
    type: 'struct' as const,
    'schema-id': id,
    fields: fields.map(([id, name, type = 'string']) => ({ id, name, required: false, type })),
  })),
  'current-schema-id': current,
  properties,
});

test('a table that has always had the same columns is read by their names', () => {
  expect(columnsById(table([[[1, 'a']]]))).toBeUndefined();
  expect(columnsById(table([[[1, 'a']], [[1, 'a']]]))).toBeUndefined();
});

test.each<[string, readonly Field[]]>([
  ['another name', [[1, 'b']]],
  ['another type', [[1, 'a', 'long']]],
  ['another id', [[2, 'a']]],
  [
    'one column more',
    [
      [1, 'a'],
      [2, 'b'],
    ],
  ],
])('one that has got a column of %s is read by ids', (_, now) => {
  const columns = columnsById(table([[[1, 'a', 'int']], now]));
  expect(columns?.map(({ name, ids }) => [ids.id, name])).toEqual(now.map(([id, name]) => [id, name]));
});

test('who copies files keeps columns that are gone, under names that no column has', () => {
  const state = table([
    [
      [1, 'a'],
      [2, '__gone_3'],
      [3, 'c', 'int'],
    ],
    [[3, 'c', 'long']],
    [[1, 'b']],
  ]);
  expect(columnsById(state)?.map(({ name }) => name)).toEqual(['b']);
  expect(columnsById(state, { gone: true })?.map(({ name, type, ids }) => [ids.id, name, type])).toEqual([
    [1, 'b', 'VARCHAR'],
    [2, '__gone_2', 'VARCHAR'],
    [3, '__gone_3_', 'BIGINT'],
  ]);
});

test('files of other writers that have no ids are read by names, as long as these say which column is meant', () => {
  const mapped = { 'schema.name-mapping.default': '[]' };
  expect(
    columnsById(
      table(
        [
          [[1, 'a']],
          [
            [1, 'a'],
            [2, 'b'],
          ],
        ],
        1,
        mapped,
      ),
    ),
  ).toBeUndefined();
  for (const now of [[[1, 'b']], [[2, 'a']]] as const)
    expect(() => columnsById(table([[[1, 'a']], now], 1, mapped))).toThrow(/files without ids/);
});
