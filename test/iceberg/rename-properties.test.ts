import { expect, test } from 'vitest';
import { renameProperties } from '../../lib/iceberg/rename-properties.ts';

const schema = (...names: string[]) => ({
  type: 'struct' as const,
  'schema-id': 0,
  fields: names.map((name, index) => ({ id: index + 1, name, required: false, type: 'string' })),
});
const metrics = 'write.metadata.metrics.column.';

test('what a table asks of other writers about a column it asks under its new name', () => {
  const before = { [`${metrics}a`]: 'counts', [`${metrics}b`]: 'none', [`${metrics}c.d`]: 'full', 'write.other': 'a' };
  expect(renameProperties(before, schema('a', 'b', 'c'), schema('b', 'a', 'e'))).toEqual({
    [`${metrics}b`]: 'counts',
    [`${metrics}a`]: 'none',
    [`${metrics}e.d`]: 'full',
    'write.other': 'a',
  });
  expect(renameProperties(before, schema('a', 'b'), schema('a', 'b', 'c'))).toBe(before);
  expect(renameProperties({}, undefined, schema('a'))).toEqual({});
});

test('files without ids may name a column by all names that it had, but for those of other columns', () => {
  const mapping = 'schema.name-mapping.default';
  const before = [
    { 'field-id': 1, names: ['a', 'first'] },
    { 'field-id': 2, names: ['b'], fields: [{ 'field-id': 9, names: ['x'] }] },
    { 'field-id': 3, names: ['c'] },
  ];
  const after = renameProperties({ [mapping]: JSON.stringify(before) }, schema('a', 'b', 'c'), schema('b', 'z', 'c'));
  expect(JSON.parse(after[mapping]!)).toEqual([
    { 'field-id': 1, names: ['a', 'first', 'b'] },
    { 'field-id': 2, names: ['z'], fields: [{ 'field-id': 9, names: ['x'] }] },
    { 'field-id': 3, names: ['c'] },
  ]);
});
