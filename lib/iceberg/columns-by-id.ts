import { isDeepStrictEqual } from 'node:util';
import type { TableColumn } from '../component/field-id.ts';
import type { TableField } from '../component/table-type.ts';
import { idsOf, sqlType } from './column-type.ts';
import type { SchemaHistory } from './evolve-schema.ts';
import { mappingProperty } from './rename-properties.ts';
import { withoutIds } from './schema-errors.ts';

type Schemas = Pick<SchemaHistory, 'schemas' | 'current-schema-id'> & {
  readonly properties?: Readonly<Record<string, string>>;
};

/** What is asked of the columns of a table. */
export interface ColumnsAsked {
  /** True: columns that the table has no longer come behind the others, under names that no column has. Default: without. */
  readonly gone?: boolean;
}

/**
 * The columns of a table by whose ids its files are to be read. Undefined where the table has always had the same
 * columns, so that all of its files name them as it does. Throws `TableSchemaError` where names have changed hands, and
 * another writer has added files whose columns have no ids.
 */
export function columnsById(table: Schemas, { gone = false }: ColumnsAsked = {}): readonly TableColumn[] | undefined {
  const [first, ...others] = table.schemas.map(({ fields }) =>
    fields.map(({ id, name, type }) => ({ id, name, type })),
  );
  if (others.every((fields) => isDeepStrictEqual(fields, first))) return undefined;
  if (table.properties?.[mappingProperty] !== undefined) {
    const changed = nameOfTwo(table);
    if (changed !== undefined) throw withoutIds(changed);
    return undefined;
  }
  const current = table.schemas.find((schema) => schema['schema-id'] === table['current-schema-id'])!.fields;
  const columns = current.map(columnOf);
  return gone ? [...columns, ...goneColumns(table, current)] : columns;
}

/** A name that has been that of two columns, or one of two names of a column. */
function nameOfTwo({ schemas }: Schemas): string | undefined {
  const pairs = new Map(schemas.flatMap(({ fields }) => fields.map(({ id, name }) => [`${id} ${name}`, { id, name }])));
  const all = [...pairs.values()];
  const twice = (one: { id: number; name: string }) =>
    all.some((other) => other !== one && (other.id === one.id || other.name === one.name));
  return all.find(twice)?.name;
}

function columnOf(field: TableField): TableColumn {
  return { name: field.name, type: sqlType(field.type), ids: idsOf(field) };
}

/** As they were last: who copies a file keeps what it holds of them, as a column may come back. */
function goneColumns({ schemas }: Schemas, current: readonly TableField[]): TableColumn[] {
  const last = new Map(schemas.flatMap(({ fields }) => fields.map((field) => [field.id, field] as const)));
  const names = new Set(schemas.flatMap(({ fields }) => fields.map(({ name }) => name.toLowerCase())));
  return [...last.values()]
    .filter(({ id }) => !current.some((field) => field.id === id))
    .map((field) => {
      let name = `__gone_${field.id}`;
      while (names.has(name)) name += '_';
      return { ...columnOf(field), name };
    });
}
