import { isDeepStrictEqual } from 'node:util';
import { TerminalError } from '../core/errors/terminal-error.ts';
import { tableType } from './column-type.ts';
import { decimalParts, type TableField, type TableSchema } from './schema.ts';

/** The rows of a run do not fit into a table that is there. */
export class TableSchemaError extends TerminalError {
  override readonly name = 'TableSchemaError';
  readonly code = 'TABLE_SCHEMA_UNFIT';
}

export interface StoredColumn {
  readonly name: string;
  /** DuckDB's name of the type. */
  readonly type: string;
  readonly nullable: boolean;
}

export interface SchemaHistory {
  readonly schemas: readonly TableSchema[];
  readonly 'current-schema-id': number;
  readonly 'last-column-id': number;
}

export interface EvolvedSchema {
  /** One of the history where it says the same, a new one otherwise. */
  readonly schema: TableSchema;
  readonly lastColumnId: number;
}

/** The first schema of a table: ids in the order of the columns. */
export function firstSchema(columns: readonly StoredColumn[]): EvolvedSchema {
  const empty: SchemaHistory = {
    schemas: [{ type: 'struct', 'schema-id': -1, fields: [] }],
    'current-schema-id': -1,
    'last-column-id': 0,
  };
  return evolveSchema(empty, columns, { keepRows: false });
}

/**
 * The schema of a table whose next rows have `columns`: a column keeps the id that its name has now, a new name gets a
 * new one, and one that is not among them any more stays in older schemas alone.
 * @param keepRows whether rows of before stay: a type may then only widen, and a new column is optional
 * Throws `TableSchemaError` where files of before cannot be read with the new types.
 */
export function evolveSchema(
  history: SchemaHistory,
  columns: readonly StoredColumn[],
  { keepRows }: { readonly keepRows: boolean },
): EvolvedSchema {
  const current = history.schemas.find((schema) => schema['schema-id'] === history['current-schema-id'])!;
  let lastColumnId = history['last-column-id'];
  const fields = columns.map(({ name, type: sqlType, nullable }): TableField => {
    const type = tableType(sqlType);
    const before = current.fields.find((field) => field.name === name);
    if (!before) return { id: ++lastColumnId, name, required: !nullable && !keepRows, type };
    if (!keepRows && before.type !== type && !widens(before.type, type))
      return { id: ++lastColumnId, name, required: !nullable, type };
    const kept = keepRows && widens(type, before.type) ? before.type : type;
    if (before.type !== kept && !widens(before.type, kept)) throw unfit(name, before.type, type);
    return { id: before.id, name, required: !nullable && (before.required || !keepRows), type: kept };
  });
  const same = history.schemas.find((schema) => isDeepStrictEqual(schema.fields, fields));
  if (same) return { schema: same, lastColumnId };
  const id = Math.max(-1, ...history.schemas.map((schema) => schema['schema-id'])) + 1;
  return { schema: { type: 'struct', 'schema-id': id, fields }, lastColumnId };
}

/** Whether every value of `from` is one of `to`, by Iceberg's rules of promotion. */
export function widens(from: string, to: string): boolean {
  if (from === 'int' && to === 'long') return true;
  if (from === 'float' && to === 'double') return true;
  const [narrow, wide] = [decimalParts(from), decimalParts(to)];
  return narrow !== undefined && wide !== undefined && narrow.scale === wide.scale && wide.precision > narrow.precision;
}

function unfit(name: string, before: string, now: string): TableSchemaError {
  return new TableSchemaError({
    problem: `the column "${name}" is ${before} in the table`,
    received: now,
    allowed: 'the same type, or a wider one: int to long, float to double, a decimal with more digits',
    change: `cast "${name}" to the table's type, give the column another name, or replace the table`,
  });
}
