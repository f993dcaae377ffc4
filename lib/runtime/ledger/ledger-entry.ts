import type { ColumnFacts, KeyRange, QualityMeasure, StepCount } from '../../engine/chunk.ts';
import type { FallbackUse, PinnedObject } from '../extract/pinned-inputs.ts';

/** What became of the rows of one chunk. Written once, after all of the chunk's files. */
export interface LedgerEntry {
  readonly pipeline: string;
  readonly run: string;
  /** Id of a stage of the plan, or `extract` for captured references. */
  readonly stage: string;
  /** Id of the chunk, or the node id of a reference. */
  readonly chunk: string;
  readonly steps: readonly StepCount[];
  readonly files: readonly LedgerFile[];
  readonly quality: readonly QualityMeasure[];
  readonly milliseconds: Readonly<Record<string, number>>;
  readonly peakMemoryBytes: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Of a captured reference: sources in whose place something else was read. Absent: none. */
  readonly fallbacks?: readonly FallbackUse[];
  /** Of a chunk: sources whose files in it were those of something else. Absent: none. */
  readonly instead?: readonly string[];
  /** What was read then, of all references. */
  readonly read?: readonly PinnedObject[];
}

/** A file that a chunk stored in the lake. */
export interface LedgerFile {
  readonly key: string;
  readonly kind: 'table' | 'exchange' | 'rejects';
  /** Output node, exchange id, or stage. */
  readonly of: string;
  readonly rows: number;
  readonly bytes: number;
  readonly partition?: number;
  readonly hot?: true;
  readonly range?: KeyRange;
  readonly partitionValues?: Readonly<Record<string, string | null>>;
  /** Of a table's file: what it says of its plain columns, by name. */
  readonly columns?: Readonly<Record<string, ColumnFacts>>;
  /** Key of the same rows as Parquet, where the file itself is text. */
  readonly rowsAt?: string;
}

/** A ledger entry as the run store keeps it: a long list of files lies in an object beside it. */
export interface LedgerRecord extends Omit<LedgerEntry, 'files'> {
  readonly files?: readonly LedgerFile[];
  /** Key of a JSON array of `LedgerFile`s, where there are too many of them for an item. */
  readonly filesAt?: string;
}
