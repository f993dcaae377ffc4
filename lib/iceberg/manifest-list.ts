import { avroFile, avroRecords } from './avro-file.ts';
import { lowerBound, upperBound } from './bounds.ts';
import type { ManifestEntry } from './data-file.ts';
import type { Layout } from './manifest.ts';
import { manifestListSchema } from './manifest-schema.ts';
import { partitionTypes } from './partition-spec.ts';
import type { TableValue } from './table-value.ts';

/** What a manifest list says of one manifest. */
export interface ManifestSummary {
  /** URI. */
  readonly path: string;
  readonly bytes: number;
  readonly specId: number;
  /** Sequence number of the snapshot that added the manifest; that of its new files too. */
  readonly sequence: number;
  readonly minSequence: number;
  readonly snapshotId: number;
  readonly files: Readonly<Record<ManifestEntry['status'], number>>;
  readonly rows: Readonly<Record<ManifestEntry['status'], number>>;
  /** Of each partition field, in order. */
  readonly partitions: readonly PartitionRange[];
}

export interface PartitionRange {
  readonly containsNull: boolean;
  readonly containsNan: boolean;
  readonly lower?: Buffer;
  readonly upper?: Buffer;
}

/** Sums up a manifest for the list. Entries without a sequence number get that of the snapshot. */
export function summarize(
  layout: Layout,
  entries: readonly ManifestEntry[],
  manifest: Pick<ManifestSummary, 'path' | 'bytes' | 'sequence' | 'snapshotId'>,
): ManifestSummary {
  const count = (weight: (entry: ManifestEntry) => number) => {
    const sums = { existing: 0, added: 0, deleted: 0 };
    for (const entry of entries) sums[entry.status] += weight(entry);
    return sums;
  };
  const alive = entries.filter(({ status }) => status !== 'deleted');
  const sequences = alive.map(({ sequence }) => sequence ?? manifest.sequence);
  return {
    ...manifest,
    specId: layout.spec['spec-id'],
    minSequence: Math.min(manifest.sequence, ...sequences),
    files: count(() => 1),
    rows: count(({ file }) => file.rows),
    partitions: partitionTypes(layout.spec, layout).map((type, index) =>
      rangeOf(
        type,
        entries.map(({ file }) => file.partition[index]!),
      ),
    ),
  };
}

function rangeOf(type: string, values: readonly (TableValue | null)[]): PartitionRange {
  const isNan = (value: TableValue | null) => typeof value === 'number' && Number.isNaN(value);
  const known = values.filter((value): value is TableValue => value !== null && !isNan(value));
  const range = { containsNull: values.includes(null), containsNan: values.some(isNan) };
  if (known.length === 0) return range;
  const ordered = known.toSorted(compare);
  return { ...range, lower: lowerBound(type, ordered[0]!), upper: upperBound(type, ordered.at(-1)!) };
}

/** Texts go by their UTF-8 bytes, as Iceberg compares them. */
function compare(a: TableValue, b: TableValue): number {
  if (typeof a === 'string' || a instanceof Uint8Array)
    return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
  return a < b ? -1 : a > b ? 1 : 0;
}

interface ListedSnapshot {
  readonly snapshotId: number;
  readonly parentId?: number;
  readonly sequence: number;
}

/** The bytes of a manifest list (Avro, v2). */
export function manifestListFile(snapshot: ListedSnapshot, manifests: readonly ManifestSummary[]): Promise<Buffer> {
  return avroFile({
    schema: manifestListSchema,
    records: manifests.map((manifest) => ({
      manifest_path: manifest.path,
      manifest_length: BigInt(manifest.bytes),
      partition_spec_id: manifest.specId,
      content: 0,
      sequence_number: BigInt(manifest.sequence),
      min_sequence_number: BigInt(manifest.minSequence),
      added_snapshot_id: BigInt(manifest.snapshotId),
      added_files_count: manifest.files.added,
      existing_files_count: manifest.files.existing,
      deleted_files_count: manifest.files.deleted,
      added_rows_count: BigInt(manifest.rows.added),
      existing_rows_count: BigInt(manifest.rows.existing),
      deleted_rows_count: BigInt(manifest.rows.deleted),
      partitions: manifest.partitions.map(({ containsNull, containsNan, lower, upper }) => ({
        contains_null: containsNull,
        contains_nan: containsNan,
        lower_bound: lower ?? null,
        upper_bound: upper ?? null,
      })),
      key_metadata: null,
    })),
    metadata: {
      'snapshot-id': String(snapshot.snapshotId),
      'parent-snapshot-id': snapshot.parentId === undefined ? 'null' : String(snapshot.parentId),
      'sequence-number': String(snapshot.sequence),
      'format-version': '2',
    },
  });
}

/** The manifests of a snapshot. */
export async function manifestsOf(bytes: Buffer): Promise<ManifestSummary[]> {
  const records = await avroRecords<any>(bytes);
  return records.map((record) => ({
    path: record.manifest_path,
    bytes: Number(record.manifest_length),
    specId: record.partition_spec_id,
    sequence: Number(record.sequence_number),
    minSequence: Number(record.min_sequence_number),
    snapshotId: Number(record.added_snapshot_id),
    files: {
      added: record.added_files_count,
      existing: record.existing_files_count,
      deleted: record.deleted_files_count,
    },
    rows: {
      added: Number(record.added_rows_count),
      existing: Number(record.existing_rows_count),
      deleted: Number(record.deleted_rows_count),
    },
    partitions: (record.partitions ?? []).map((range: any) => ({
      containsNull: range.contains_null,
      containsNan: range.contains_nan ?? false,
      lower: range.lower_bound ?? undefined,
      upper: range.upper_bound ?? undefined,
    })),
  }));
}
