import type { EvolvedSchema } from './evolve-schema.ts';
import { type BaseMetadata, metadataLog, timeOfChange } from './metadata-log.ts';
import { noSpecs, type PartitionSpec } from './partition-spec.ts';
import { renameProperties } from './rename-properties.ts';
import type { Snapshot, TableMetadata } from './table-metadata.ts';

export interface MetadataChange {
  /** What the snapshot follows; absent for a table that is not there yet. */
  readonly base?: BaseMetadata;
  readonly uuid: string;
  readonly location: string;
  readonly schema: EvolvedSchema;
  readonly partitioning: { readonly spec: PartitionSpec; readonly lastPartitionId: number };
  readonly snapshot: Snapshot;
  readonly properties?: Readonly<Record<string, string>>;
}

/** Table metadata with one snapshot more, which is the current one of the branch `main`. */
export function nextMetadata(change: MetadataChange): TableMetadata {
  const { base, snapshot, schema, partitioning } = change;
  const before = base?.metadata;
  const current = before?.schemas.find((one) => one['schema-id'] === before['current-schema-id']);
  const id = snapshot['snapshot-id'];
  const at = timeOfChange(before, snapshot['timestamp-ms']);
  return {
    'format-version': 2,
    'table-uuid': before?.['table-uuid'] ?? change.uuid,
    location: before?.location ?? change.location,
    'last-sequence-number': snapshot['sequence-number'],
    'last-updated-ms': at,
    'last-column-id': schema.lastColumnId,
    'current-schema-id': schema.schema['schema-id'],
    schemas: withOne(before?.schemas ?? [], schema.schema, 'schema-id'),
    'default-spec-id': partitioning.spec['spec-id'],
    'partition-specs': withOne(before?.['partition-specs'] ?? noSpecs['partition-specs'], partitioning.spec, 'spec-id'),
    'last-partition-id': partitioning.lastPartitionId,
    'default-sort-order-id': 0,
    'sort-orders': before?.['sort-orders'] ?? [{ 'order-id': 0, fields: [] }],
    properties: { ...renameProperties(before?.properties ?? {}, current, schema.schema), ...change.properties },
    'current-snapshot-id': id,
    refs: { ...before?.refs, main: { 'snapshot-id': id, type: 'branch' } },
    snapshots: [...(before?.snapshots ?? []), { ...snapshot, 'timestamp-ms': at }],
    'snapshot-log': [...(before?.['snapshot-log'] ?? []), { 'timestamp-ms': at, 'snapshot-id': id }],
    'metadata-log': base ? metadataLog(base) : [],
  };
}

function withOne<Value, Id extends keyof Value>(known: readonly Value[], one: Value, id: Id): readonly Value[] {
  return known.some((other) => other[id] === one[id]) ? known : [...known, one];
}
