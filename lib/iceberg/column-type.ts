import type { FieldIds } from '../component/field-id.ts';
import { quoted } from '../component/shape.ts';
import { type FieldType, plainTypes, type TableField, TableTypeUnknownError } from '../component/table-type.ts';
import { decimalParts } from './schema.ts';

const sqlTypes = new Map(Object.entries(plainTypes).map(([sql, type]) => [type, sql]));

/** The type of DuckDB that holds all values of a column. */
export function sqlType(type: FieldType): string {
  if (typeof type !== 'string') {
    if (type.type === 'list') return `${sqlType(type.element)}[]`;
    return `STRUCT(${type.fields.map((field) => `${quoted(field.name)} ${sqlType(field.type)}`).join(', ')})`;
  }
  const decimal = decimalParts(type);
  if (decimal) return `DECIMAL(${decimal.precision},${decimal.scale})`;
  const found = sqlTypes.get(type);
  if (found !== undefined) return found;
  throw new TableTypeUnknownError({
    problem: 'the table has a column of a type that cannot be read here',
    received: type,
    allowed: [...sqlTypes.keys(), 'decimal(p, s)', 'lists and structures of them'],
    change: 'let the writer that added the column give it another type',
  });
}

/** The ids of a column of a table, with those of what is inside. */
export function idsOf({ id, type }: Pick<TableField, 'id' | 'type'>): FieldIds {
  if (typeof type === 'string') return { id };
  if (type.type === 'list') return { id, within: { element: idsOf({ id: type['element-id'], type: type.element }) } };
  return { id, within: Object.fromEntries(type.fields.map((field) => [field.name, idsOf(field)])) };
}

/** The highest id of a column, those within others included. */
export function highestId(fields: readonly TableField[]): number {
  return Math.max(0, ...fields.map(({ id, type }) => Math.max(id, highestInside(type))));
}

function highestInside(type: FieldType): number {
  if (typeof type === 'string') return 0;
  if (type.type === 'list') return Math.max(type['element-id'], highestInside(type.element));
  return highestId(type.fields);
}
