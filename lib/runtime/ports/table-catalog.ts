import type { ColumnChanges } from '../../iceberg/column-changes.ts';

/** The published state of a table. */
export interface TablePointer {
  readonly table: string;
  /** Counts up by one with each commit; 0 is a table that was never published. */
  readonly version: number;
  /** Key of the metadata object; absent at version 0. */
  readonly metadata?: string;
  readonly rows: number;
  readonly bytes: number;
  readonly files: number;
  /** Run that published this version. */
  readonly run?: string;
  /** Milliseconds since the epoch. */
  readonly at?: number;
  /** What became of the rows of the run, where it merged them by their key. */
  readonly merged?: RowsMerged;
}

/** All rows that a run has merged: those of new keys, those that took the place of others, and those that came too late. */
export interface RowsMerged {
  readonly inserted: number;
  readonly updated: number;
  readonly superseded: number;
}

/** One commit of a table's history. */
export interface TableCommit extends TablePointer {
  readonly run: string;
  readonly at: number;
  /** What it has changed about the columns of the table. Absent: nothing, or it is not known any more. */
  readonly columns?: ColumnChanges;
}

/**
 * `committed`: the pointer has moved. `already`: this run did that before. `conflict`: another run moved it first.
 * `refused`: the run is not (any longer) one that may publish.
 */
export type CommitOutcome = 'committed' | 'already' | 'conflict' | 'refused';

/** Which version of each table readers see. One conditional step moves a table from one version to the next. */
export interface TableCatalog {
  pointer(table: string): Promise<TablePointer>;
  /** That of `pointer` alone, at a small part of its price: nothing of what the table holds is read for it. */
  version(table: string): Promise<number>;
  /** What a run published in a table, if it did. */
  commitOf(table: string, run: string): Promise<TableCommit | undefined>;
  /** Whether a commit of the run was begun: it cannot be taken back any more, only brought to its end. */
  begun(table: string, run: string): Promise<boolean>;
  /** Moves the pointer from `next.version - 1` to `next`, if the run of `next` is in phase `Completing`. */
  commit(next: TableCommit): Promise<CommitOutcome>;
  /** Moves the pointer to `next`, which has the same rows in other files, if it still stands at `next.version - 1`. */
  compact(next: TableCommit): Promise<'committed' | 'conflict'>;
  /** Every table that was ever published, by name. */
  tables(): Promise<readonly TablePointer[]>;
}
