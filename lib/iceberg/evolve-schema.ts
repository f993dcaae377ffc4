import { isDeepStrictEqual } from 'node:util';
import { fieldId } from '../component/field-id.ts';
import { TerminalError } from '../core/errors/terminal-error.ts';
import { highestId, sqlType, tableType } from './column-type.ts';
import { decimalParts, type FieldType, type TableField, type TableSchema } from './schema.ts';

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

/** The first schema of a table. */
export function firstSchema(columns: readonly StoredColumn[]): EvolvedSchema {
  const empty: SchemaHistory = {
    schemas: [{ type: 'struct', 'schema-id': -1, fields: [] }],
    'current-schema-id': -1,
    'last-column-id': 0,
  };
  return evolveSchema(empty, columns, { keepRows: false });
}

/**
 * The schema of a table whose next rows have `columns`: a column has the id that follows from its name, which its files
 * have as well, and one that is not among them any more stays in older schemas alone.
 * @param keepRows whether rows of before stay: a type may then only widen, and a new column is optional
 * Throws `TableSchemaError` where files of before cannot be read with the new types, or the table maps the names otherwise.
 */
export function evolveSchema(
  history: SchemaHistory,
  columns: readonly StoredColumn[],
  { keepRows }: { readonly keepRows: boolean },
): EvolvedSchema {
  const current = history.schemas.find((schema) => schema['schema-id'] === history['current-schema-id'])!;
  const fields = columns.map(({ name, type: sqlType, nullable }): TableField => {
    const id = fieldId([name], sqlType);
    const type = tableType(sqlType, [name]);
    const before = current.fields.find((field) => field.name === name);
    if (!before || !keepRows) return { id, name, required: !nullable && !keepRows, type };
    const kept = widens(type, before.type) ? before.type : type;
    if (!isDeepStrictEqual(before.type, kept) && !widens(before.type, kept)) throw unfit(name, before.type, type);
    if (before.id !== id) throw otherId(name, before.id, id);
    return { id, name, required: !nullable && before.required, type: kept };
  });
  requireApart(fields);
  const lastColumnId = Math.max(history['last-column-id'], highestId(fields));
  const same = history.schemas.find((schema) => isDeepStrictEqual(schema.fields, fields));
  if (same) return { schema: same, lastColumnId };
  const id = Math.max(-1, ...history.schemas.map((schema) => schema['schema-id'])) + 1;
  return { schema: { type: 'struct', 'schema-id': id, fields }, lastColumnId };
}

/** Two names of which one id follows: once in 200,000 tables of 100 columns. */
function requireApart(fields: readonly TableField[]): void {
  for (const [id, same] of Map.groupBy(allFields(fields), (field) => field.id)) {
    if (same.length === 1) continue;
    const names = same.map(({ name }) => `"${name}"`).join(' and ');
    throw new TableSchemaError({
      problem: `the columns ${names} have the same id in the files of the table`,
      received: id,
      allowed: 'another id for each column',
      change: `give one of ${names} another name`,
    });
  }
}

interface NamedId {
  readonly id: number;
  readonly name: string;
}

function allFields(fields: readonly TableField[]): NamedId[] {
  return fields.flatMap(({ id, name, type }) => [{ id, name }, ...within(name, type)]);
}

function within(name: string, type: FieldType): NamedId[] {
  if (typeof type === 'string') return [];
  if (type.type === 'list') {
    const element = { id: type['element-id'], name: `${name}.element` };
    return [element, ...within(element.name, type.element)];
  }
  return allFields(type.fields).map((inner) => ({ ...inner, name: `${name}.${inner.name}` }));
}

/** Whether every value of `from` is one of `to`, by Iceberg's rules of promotion. */
export function widens(from: FieldType, to: FieldType): boolean {
  if (typeof from !== 'string' || typeof to !== 'string') return false;
  if (from === 'int' && to === 'long') return true;
  if (from === 'float' && to === 'double') return true;
  const [narrow, wide] = [decimalParts(from), decimalParts(to)];
  return narrow !== undefined && wide !== undefined && narrow.scale === wide.scale && wide.precision > narrow.precision;
}

function unfit(name: string, before: FieldType, now: FieldType): TableSchemaError {
  return new TableSchemaError({
    problem: `the column "${name}" is ${said(before)} in the table`,
    received: said(now),
    allowed: 'the same type, or a wider one: int to long, float to double, a decimal with more digits',
    change: `cast "${name}" to the table's type, give the column another name, or replace the table`,
  });
}

function otherId(name: string, before: number, now: number): TableSchemaError {
  return new TableSchemaError({
    problem: `another writer has added the column "${name}" to the table, under an id that the files of the run do not have`,
    received: now,
    allowed: before,
    change: `give the column another name, here or in the table, or replace the table`,
  });
}

function said(type: FieldType): string {
  return typeof type === 'string' ? type : sqlType(type);
}
