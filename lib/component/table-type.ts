import { TerminalError } from '../core/errors/terminal-error.ts';
import { elementType } from './column-types.ts';
import type { FieldIds } from './field-id.ts';
import { structFields } from './struct-type.ts';

/** A column of a table. The id is its identity for ever: names and order may change. */
export interface TableField {
  readonly id: number;
  readonly name: string;
  readonly required: boolean;
  readonly type: FieldType;
  readonly doc?: string;
}

/** A primitive type of Iceberg, e.g. `long` or `decimal(9, 2)`, or one with others inside. */
export type FieldType = string | ListType | StructType;

export interface ListType {
  readonly type: 'list';
  readonly 'element-id': number;
  readonly element: FieldType;
  readonly 'element-required': boolean;
}

export interface StructType {
  readonly type: 'struct';
  readonly fields: readonly TableField[];
}

/** A table of the lake has no type for a column. */
export class TableTypeUnknownError extends TerminalError {
  override readonly name = 'TableTypeUnknownError';
  readonly code = 'TABLE_TYPE_UNKNOWN';
}

/** Types of Iceberg by those of DuckDB. */
export const plainTypes: Readonly<Record<string, string>> = {
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
  const found = decimal ? `decimal(${decimal[1]}, ${decimal[2]})` : plainTypes[type];
  if (found !== undefined) return found;
  throw new TableTypeUnknownError({
    problem: 'a table cannot hold a column of this type',
    received: type,
    allowed: [...Object.keys(plainTypes), 'DECIMAL(p,s)', 'lists and structures of them'],
    change: 'cast the column to one of them',
  });
}
