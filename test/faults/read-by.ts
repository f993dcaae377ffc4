import type { RunRecord } from '../../lib/runtime/ports/run-store.ts';
import type { DroppedFile } from './acts.ts';

/** An item of the run table. */
export interface Item {
  readonly pk: string;
  readonly sk: string;
  readonly [name: string]: any;
}

/** A run, and the versions of files that it has read. */
export interface ReadBy {
  readonly record: RunRecord;
  readonly files: readonly DroppedFile[];
  /** Behind which it was to go on. Absent: at the beginning. */
  readonly cursor?: string;
}
