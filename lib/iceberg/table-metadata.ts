import type { PartitionSpec } from './partition-spec.ts';
import type { TableSchema } from './schema.ts';

/** Table metadata (Iceberg v2), as its JSON file holds it. Snapshot ids are below 2^53, so that JSON keeps them. */
export interface TableMetadata {
  readonly 'format-version': 2;
  readonly 'table-uuid': string;
  /** URI of the table's folder. */
  readonly location: string;
  readonly 'last-sequence-number': number;
  readonly 'last-updated-ms': number;
  readonly 'last-column-id': number;
  readonly 'current-schema-id': number;
  readonly schemas: readonly TableSchema[];
  readonly 'default-spec-id': number;
  readonly 'partition-specs': readonly PartitionSpec[];
  readonly 'last-partition-id': number;
  readonly 'default-sort-order-id': number;
  readonly 'sort-orders': readonly SortOrder[];
  readonly properties: Readonly<Record<string, string>>;
  readonly 'current-snapshot-id': number | null;
  readonly refs: Readonly<Record<string, { readonly 'snapshot-id': number; readonly type: 'branch' | 'tag' }>>;
  readonly snapshots: readonly Snapshot[];
  readonly 'snapshot-log': readonly { readonly 'timestamp-ms': number; readonly 'snapshot-id': number }[];
  readonly 'metadata-log': readonly { readonly 'timestamp-ms': number; readonly 'metadata-file': string }[];
}

export interface SortOrder {
  readonly 'order-id': number;
  readonly fields: readonly object[];
}

/** One state of the table's rows. */
export interface Snapshot {
  readonly 'snapshot-id': number;
  readonly 'parent-snapshot-id'?: number;
  readonly 'sequence-number': number;
  readonly 'timestamp-ms': number;
  /** URI. */
  readonly 'manifest-list': string;
  /** `operation`, counts, and what the writer wants to be known by. */
  readonly summary: Readonly<Record<string, string>> & { readonly operation: SnapshotOperation };
  readonly 'schema-id': number;
}

export type SnapshotOperation = 'append' | 'replace' | 'overwrite' | 'delete';

export function currentSnapshot(table: TableMetadata): Snapshot | undefined {
  return table.snapshots.find((snapshot) => snapshot['snapshot-id'] === table['current-snapshot-id']);
}
