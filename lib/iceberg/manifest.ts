import { avroFile, avroRecords } from './avro-file.ts';
import { fromAvro, toAvro } from './avro-value.ts';
import type { ColumnStatistics, DataFile, ManifestEntry } from './data-file.ts';
import { avroName, manifestSchema } from './manifest-schema.ts';
import { type PartitionSpec, partitionTypes } from './partition-spec.ts';
import type { TableSchema } from './schema.ts';

const statuses = ['existing', 'added', 'deleted'] as const;
type Counts = readonly { readonly key: number; readonly value: bigint }[] | null;
type Bounds = readonly { readonly key: number; readonly value: Buffer }[] | null;

interface EntryRecord {
  readonly status: number;
  readonly snapshot_id: bigint | null;
  readonly sequence_number: bigint | null;
  readonly file_sequence_number: bigint | null;
  readonly data_file: {
    readonly file_path: string;
    readonly partition: Readonly<Record<string, unknown>>;
    readonly record_count: bigint;
    readonly file_size_in_bytes: bigint;
    readonly column_sizes: Counts;
    readonly value_counts: Counts;
    readonly null_value_counts: Counts;
    readonly nan_value_counts: Counts;
    readonly lower_bounds: Bounds;
    readonly upper_bounds: Bounds;
  };
}

export interface Layout {
  readonly spec: PartitionSpec;
  /** All that the table has had: a column of the spec may have left the current one. */
  readonly schemas: readonly TableSchema[];
  /** The current one. */
  readonly schema: TableSchema;
}

/** The bytes of a manifest (Avro, v2). */
export function manifestFile(layout: Layout, entries: readonly ManifestEntry[]): Promise<Buffer> {
  const { spec, schema } = layout;
  const types = partitionTypes(spec, layout);
  return avroFile({
    schema: manifestSchema(spec, types),
    records: entries.map((entry) => recordOf(entry, spec, types)),
    metadata: {
      schema: JSON.stringify(schema),
      'schema-id': String(schema['schema-id']),
      'partition-spec': JSON.stringify(spec.fields),
      'partition-spec-id': String(spec['spec-id']),
      'format-version': '2',
      content: 'data',
    },
  });
}

function recordOf(entry: ManifestEntry, spec: PartitionSpec, types: readonly string[]): object {
  const { file } = entry;
  const pairs = <Value>(pick: (statistics: ColumnStatistics) => Value | undefined) => {
    const found = [...file.columns].map(([key, statistics]) => ({ key, value: pick(statistics) }));
    const known = found.filter(({ value }) => value !== undefined);
    return known.length > 0 ? known : null;
  };
  const counts = (pick: (statistics: ColumnStatistics) => number | undefined) =>
    pairs((statistics) => asLong(pick(statistics)));
  const bounds = (pick: (statistics: ColumnStatistics) => Uint8Array | undefined) =>
    pairs((statistics) => asBytes(pick(statistics)));
  return {
    status: statuses.indexOf(entry.status),
    snapshot_id: asLong(entry.snapshotId) ?? null,
    sequence_number: asLong(entry.sequence) ?? null,
    file_sequence_number: asLong(entry.fileSequence) ?? null,
    data_file: {
      content: 0,
      file_path: file.path,
      file_format: 'PARQUET',
      partition: Object.fromEntries(
        spec.fields.map(({ name }, index) => [avroName(name), toAvro(types[index]!, file.partition[index]!)]),
      ),
      record_count: BigInt(file.rows),
      file_size_in_bytes: BigInt(file.bytes),
      column_sizes: counts(({ bytes }) => bytes),
      value_counts: counts(({ values }) => values),
      null_value_counts: counts(({ nulls }) => nulls),
      nan_value_counts: counts(({ nans }) => nans),
      lower_bounds: bounds(({ lower }) => lower),
      upper_bounds: bounds(({ upper }) => upper),
      key_metadata: null,
      split_offsets: null,
      equality_ids: null,
      sort_order_id: null,
    },
  };
}

/** The entries of a manifest, those of deleted files included. */
export async function manifestEntries(layout: Layout, bytes: Buffer): Promise<ManifestEntry[]> {
  const types = partitionTypes(layout.spec, layout);
  const records = await avroRecords<EntryRecord>(bytes);
  return records.map((record) => ({
    status: statuses[record.status]!,
    snapshotId: asNumber(record.snapshot_id),
    sequence: asNumber(record.sequence_number),
    fileSequence: asNumber(record.file_sequence_number),
    file: fileOf(record.data_file, layout.spec, types),
  }));
}

function fileOf(record: EntryRecord['data_file'], spec: PartitionSpec, types: readonly string[]): DataFile {
  const columns = new Map<number, ColumnStatistics>();
  const note = <Value>(
    pairs: readonly { key: number; value: Value }[] | null,
    as: (value: Value) => ColumnStatistics,
  ) => {
    for (const { key, value } of pairs ?? []) columns.set(key, { ...columns.get(key), ...as(value) });
  };
  note(record.column_sizes, (value) => ({ bytes: Number(value) }));
  note(record.value_counts, (value) => ({ values: Number(value) }));
  note(record.null_value_counts, (value) => ({ nulls: Number(value) }));
  note(record.nan_value_counts, (value) => ({ nans: Number(value) }));
  note(record.lower_bounds, (lower) => ({ lower }));
  note(record.upper_bounds, (upper) => ({ upper }));
  return {
    path: record.file_path,
    rows: Number(record.record_count),
    bytes: Number(record.file_size_in_bytes),
    partition: spec.fields.map(({ name }, index) => fromAvro(types[index]!, record.partition[avroName(name)])),
    columns,
  };
}

const asLong = (value: number | undefined) => (value === undefined ? undefined : BigInt(value));
const asBytes = (value: Uint8Array | undefined) => (value === undefined ? undefined : Buffer.from(value));
const asNumber = (value: bigint | null) => (value === null ? undefined : Number(value));
