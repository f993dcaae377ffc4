import { isDeepStrictEqual } from 'node:util';
import { type FieldIds, fieldIds } from '../component/field-id.ts';
import { type FieldType, type TableField, tableType } from '../component/table-type.ts';
import { highestId } from './column-type.ts';
import { decimalParts, type TableSchema } from './schema.ts';
import { otherId, sameId, tooEarly, unfit } from './schema-errors.ts';

export interface StoredColumn {
  readonly name: string;
  /** DuckDB's name of the type. */
  readonly type: string;
  readonly nullable: boolean;
  /** Those that its files have. Absent: those that follow from its name. */
  readonly ids?: FieldIds;
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
  /** What the table calls columns that the run names otherwise. Absent: none. */
  readonly called?: ReadonlyMap<string, string>;
}

export interface SchemaStep {
  /** Whether rows of before stay: a type may then only widen, and a new column is optional. */
  readonly keepRows: boolean;
  /** New name → old name, of columns that are to be called otherwise from now on. Default: none. */
  readonly renamed?: Readonly<Record<string, string>> | undefined;
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
 * The schema of a table whose next rows have `columns`: each has the id that its files have, whatever the table has called
 * it so far, and one that is not among them any more stays in older schemas alone. A column that the table has renamed
 * since keeps the name that it has there, unless the step renames it.
 * Throws `TableSchemaError` where files of before cannot be read with the new types, or the table maps the names otherwise.
 */
export function evolveSchema(
  history: SchemaHistory,
  columns: readonly StoredColumn[],
  { keepRows, renamed = {} }: SchemaStep,
): EvolvedSchema {
  const current = history.schemas.find((schema) => schema['schema-id'] === history['current-schema-id'])!;
  const given = columns.map((column) => ({ ...column, ids: column.ids ?? fieldIds([column.name], column.type) }));
  const own = new Set(given.map(({ ids }) => ids.id));
  const fields = given.map(({ name, type: sqlType, nullable, ids }): TableField => {
    const { id } = ids;
    const type = tableType(sqlType, ids);
    const same = current.fields.find((field) => field.id === id);
    if (!keepRows) return { id, name, required: !nullable, type, ...documented(same) };
    const namesake = current.fields.find((field) => field.name === name && !own.has(field.id));
    const before = same ?? namesake;
    if (!before) {
      const old = Object.hasOwn(renamed, name) ? renamed[name]! : undefined;
      if (old !== undefined && current.fields.some((field) => field.name === old && !own.has(field.id)))
        throw tooEarly(name, old);
      return { id, name, required: false, type };
    }
    const kept = widens(type, before.type) ? before.type : type;
    if (!isDeepStrictEqual(before.type, kept) && !widens(before.type, kept)) throw unfit(name, before.type, type);
    if (!same) throw otherId(before, id, nameBefore(history, before));
    const call = Object.hasOwn(renamed, name) ? name : before.name;
    return { id, name: call, required: !nullable && before.required, type: kept, ...documented(before) };
  });
  requireApart(fields);
  const called = new Map(
    columns.flatMap(({ name }, at) => (fields[at]!.name === name ? [] : [[name, fields[at]!.name]])),
  );
  return { ...schemaOf(history, current, fields), ...(called.size > 0 && { called }) };
}

/** One of the history where it says the same; a new one where a column is renamed, so that schemas tell in which order. */
function schemaOf(history: SchemaHistory, current: TableSchema, fields: readonly TableField[]): EvolvedSchema {
  const lastColumnId = Math.max(history['last-column-id'], highestId(fields));
  // What another writer has said of rows that are the same thing goes on, as long as it can.
  const keys = current['identifier-field-ids']?.filter((key) =>
    fields.some(({ id, required }) => id === key && required),
  );
  const identifiers = keys && keys.length > 0 ? { 'identifier-field-ids': keys } : {};
  const renames = current.fields.some(({ id, name }) => fields.some((field) => field.id === id && field.name !== name));
  const same = history.schemas.find(
    (schema) =>
      !renames &&
      isDeepStrictEqual(schema.fields, fields) &&
      isDeepStrictEqual(schema['identifier-field-ids'] ?? [], identifiers['identifier-field-ids'] ?? []),
  );
  if (same) return { schema: same, lastColumnId };
  const id = Math.max(-1, ...history.schemas.map((schema) => schema['schema-id'])) + 1;
  return { schema: { type: 'struct', 'schema-id': id, fields, ...identifiers }, lastColumnId };
}

function documented(field: TableField | undefined): Pick<TableField, 'doc'> {
  return field?.doc === undefined ? {} : { doc: field.doc };
}

/** What a column was called last before it got its name; undefined where it never had another one. */
export function nameBefore({ schemas }: Pick<SchemaHistory, 'schemas'>, { id, name }: TableField): string | undefined {
  const names = schemas.flatMap(({ fields }) => fields.filter((field) => field.id === id).map((field) => field.name));
  return names.findLast((one) => one !== name);
}

/** Two names of which one id follows (once in 200,000 tables of 100 columns), or two columns of one name. */
function requireApart(fields: readonly TableField[]): void {
  for (const [id, same] of Map.groupBy(allFields(fields), (field) => field.id))
    if (same.length > 1) throw sameId(id, same);
  for (const [, same] of Map.groupBy(fields, (field) => field.name))
    if (same.length > 1) throw otherId(same[0]!, same[1]!.id, undefined);
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
