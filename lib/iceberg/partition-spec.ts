import { isDeepStrictEqual } from 'node:util';
import type { TableSchema } from './schema.ts';
import type { TableValue } from './table-value.ts';
import { resultType } from './transform.ts';

/** One value that files are laid out by. */
export interface PartitionField {
  readonly 'source-id': number;
  readonly 'field-id': number;
  readonly name: string;
  /** In Iceberg's spelling, e.g. `day` or `bucket[16]`. */
  readonly transform: string;
}

export interface PartitionSpec {
  readonly 'spec-id': number;
  readonly fields: readonly PartitionField[];
}

/** What a user asks for: a column and a transform. */
export interface Partitioning {
  readonly column: string;
  readonly transform: string;
}

/** Ids of partition fields begin here (spec). */
const firstFieldId = 1000;

export interface SpecHistory {
  readonly 'partition-specs': readonly PartitionSpec[];
  /** 999 where no field was ever given an id. */
  readonly 'last-partition-id': number;
}

export const noSpecs: SpecHistory = { 'partition-specs': [], 'last-partition-id': firstFieldId - 1 };

/**
 * The spec of a layout: one of the history where it is the same, else a new one that keeps the ids of known fields. What a
 * field is called does not count: a column that is renamed lays files out as it did, and its field keeps its old name.
 */
export function evolveSpec(
  history: SpecHistory,
  schema: TableSchema,
  layout: readonly Partitioning[],
): { readonly spec: PartitionSpec; readonly lastPartitionId: number } {
  const known = history['partition-specs'].flatMap(({ fields }) => fields);
  let lastPartitionId = history['last-partition-id'];
  const fields = layout.map(({ column, transform }): PartitionField => {
    const source = schema.fields.find((field) => field.name === column)!.id;
    const before = known.find((field) => field['source-id'] === source && field.transform === transform);
    const name = fieldName(schema, { column, transform });
    return { 'source-id': source, 'field-id': before?.['field-id'] ?? ++lastPartitionId, name, transform };
  });
  const same = history['partition-specs'].find((spec) => isDeepStrictEqual(unnamed(spec.fields), unnamed(fields)));
  if (same) return { spec: same, lastPartitionId };
  const id = Math.max(-1, ...history['partition-specs'].map((spec) => spec['spec-id'])) + 1;
  return { spec: { 'spec-id': id, fields }, lastPartitionId };
}

function unnamed(fields: readonly PartitionField[]) {
  return fields.map(({ name, ...field }) => field);
}

/** `day` of `ordered` is `ordered_day`, as Iceberg's own writers call it. No column may have the name. */
function fieldName({ fields }: TableSchema, { column, transform }: Partitioning): string {
  if (transform === 'identity') return column;
  let name = `${column}_${transform.replace('[', '_').replace(']', '')}`;
  while (fields.some((field) => field.name === name)) name = `${name}_part`;
  return name;
}

/**
 * The types of a spec's values, in its order: as the current schema has the columns, which need not be the newest one after
 * a rollback, and else as the last one had them.
 */
export function partitionTypes(
  spec: PartitionSpec,
  { schemas, schema }: { readonly schemas: readonly TableSchema[]; readonly schema: TableSchema },
): string[] {
  return spec.fields.map((field) => {
    const sources = [...schemas, schema].flatMap(({ fields }) => fields.filter(({ id }) => id === field['source-id']));
    return resultType(field.transform, sources.at(-1)!.type as string);
  });
}

/** The same text for equal values of a spec, and for no others. */
export function partitionKey(partition: readonly (TableValue | null)[]): string {
  return JSON.stringify(partition.map((value) => (value === null ? null : [typeof value, String(value)])));
}
