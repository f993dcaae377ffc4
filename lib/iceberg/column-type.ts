import { elementType } from '../component/column-types.ts';
import type { FieldIds } from '../component/field-id.ts';
import { quoted } from '../component/shape.ts';
import { structFields } from '../component/struct-type.ts';
import { TerminalError } from '../core/errors/terminal-error.ts';
import { decimalParts, type FieldType, type TableField } from './schema.ts';

/** A table of the lake has no type for a column. */
export class TableTypeUnknownError extends TerminalError {
  override readonly name = 'TableTypeUnknownError';
  readonly code = 'TABLE_TYPE_UNKNOWN';
}

const types: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  INTEGER: 'int',
  BIGINT: 'long',
  FLOAT: 'float',
  DOUBLE: 'double',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  VARCHAR: 'string',
  UUID: 'uuid',
  BLOB: 'binary',
};

/**
 * The Iceberg type of a column that is stored as `type` of DuckDB.
 * @param within ids of what is inside, by name
 * Throws `TableTypeUnknownError`.
 */
export function tableType(type: string, { within = {} }: FieldIds): FieldType {
  const element = elementType(type);
  if (element !== undefined) {
    const ids = within.element!;
    return { type: 'list', 'element-id': ids.id, element: tableType(element, ids), 'element-required': false };
  }
  const members = structFields(type);
  if (members) {
    const fields = members.map(({ name, type: inner }) => {
      const ids = within[name]!;
      return { id: ids.id, name, required: false, type: tableType(inner, ids) };
    });
    return { type: 'struct', fields };
  }
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  const found = decimal ? `decimal(${decimal[1]}, ${decimal[2]})` : types[type];
  if (found !== undefined) return found;
  throw new TableTypeUnknownError({
    problem: 'a table cannot hold a column of this type',
    received: type,
    allowed: [...Object.keys(types), 'DECIMAL(p,s)', 'lists and structures of them'],
    change: 'cast the column to one of them',
  });
}

const sqlTypes = new Map(Object.entries(types).map(([sql, type]) => [type, sql]));

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
