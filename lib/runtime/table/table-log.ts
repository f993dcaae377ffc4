import { type ColumnChanges, columnChanges } from '../../iceberg/column-changes.ts';
import type { Snapshot, TableMetadata } from '../../iceberg/table-metadata.ts';
import { runFact } from '../publish/read-table.ts';

/** One state that readers of a table have seen. */
export interface TableLogEntry {
  /** Counts up with each state that was made; what a rollback goes back to. */
  readonly version: number;
  /** Id that other engines know it by. */
  readonly snapshot: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly operation: Snapshot['summary']['operation'];
  /** Whose rows came. Absent: no rows did, as in a compaction, or another writer made it. */
  readonly run?: string;
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
  readonly addedRows: number;
  readonly removedRows: number;
  /** What it has changed about the columns. Absent: nothing, or the state before was forgotten. */
  readonly columns?: ColumnChanges;
  /** True for the one that readers see now. */
  readonly current: boolean;
}

/** The states of a table that can still be read, newest first. */
export function tableLog(metadata: TableMetadata): TableLogEntry[] {
  return metadata.snapshots
    .map((snapshot): TableLogEntry => {
      const { summary } = snapshot;
      const columns = columnChanges(metadata, snapshot);
      const count = (name: string) => Number(summary[name] ?? 0);
      return {
        version: snapshot['sequence-number'],
        snapshot: snapshot['snapshot-id'],
        at: snapshot['timestamp-ms'],
        operation: summary.operation,
        // A compaction carries on what the state before it said.
        ...(summary[runFact] && summary.operation !== 'replace' && { run: summary[runFact] }),
        rows: count('total-records'),
        files: count('total-data-files'),
        bytes: count('total-files-size'),
        addedRows: count('added-records'),
        removedRows: count('deleted-records'),
        ...(columns && { columns }),
        current: snapshot['snapshot-id'] === metadata['current-snapshot-id'],
      };
    })
    .reverse();
}
