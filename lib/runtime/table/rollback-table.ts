import { type BaseMetadata, metadataLog, timeOfChange } from '../../iceberg/metadata-log.ts';
import { currentSnapshot, type Snapshot, type TableMetadata } from '../../iceberg/table-metadata.ts';
import { type MovePorts, moveTable } from './move-table.ts';
import { type StateRequest, snapshotOf } from './table-state.ts';

export interface RolledBack {
  readonly table: string;
  /** What readers saw before, and what they see now. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/**
 * Lets readers see an earlier state of a table again, with the columns that it had, in one conditional step. No file and no state is removed, so that
 * a rollback can be rolled back. Later runs go on from there. Throws `TableVersionUnknownError`, `CommitConflictError`.
 */
export async function rollbackTable(
  ports: MovePorts,
  { table, to, begins }: { readonly table: string; readonly to: StateRequest; begins?(): Promise<void> },
): Promise<RolledBack> {
  const { before, after } = await moveTable(ports, {
    table,
    ...(begins && { begins }),
    name: `rollback-${'version' in to ? to.version : `at-${to.at}`}`,
    next(base, now) {
      const snapshot = snapshotOf(table, base.metadata, to);
      return currentSnapshot(base.metadata) === snapshot ? undefined : goneBack(base, snapshot, now);
    },
  });
  const numberOf = (metadata: TableMetadata) => currentSnapshot(metadata)?.['sequence-number'] ?? 0;
  const rows = Number(currentSnapshot(after)?.summary['total-records'] ?? 0);
  return { table, from: numberOf(before), to: numberOf(after), rows };
}

function goneBack(base: BaseMetadata, snapshot: Snapshot, now: number): TableMetadata {
  const { metadata } = base;
  const id = snapshot['snapshot-id'];
  const at = timeOfChange(metadata, now);
  return {
    ...metadata,
    'last-updated-ms': at,
    // With the names that columns had, so that a rename is undone as well.
    'current-schema-id': snapshot['schema-id'],
    'current-snapshot-id': id,
    refs: { ...metadata.refs, main: { 'snapshot-id': id, type: 'branch' } },
    'snapshot-log': [...metadata['snapshot-log'], { 'timestamp-ms': at, 'snapshot-id': id }],
    'metadata-log': metadataLog(base),
  };
}
