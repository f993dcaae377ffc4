import type { ParameterValues } from '../../component/parameter.ts';
import type { AuditEntry } from './audit.ts';

/** A range that is run anew, slice by slice. */
export interface BackfillRecord {
  readonly id: string;
  readonly pipeline: string;
  /** Canonical text of a day or time in UTC; the range ends before `to`. */
  readonly from: string;
  readonly to: string;
  /** How long a slice is, e.g. `1 day`. */
  readonly slice: string;
  /** How many there are. */
  readonly slices: number;
  /** Parameters by which a slice is told its part of the range: both bounds, or where it begins. */
  readonly bounds: readonly ('from' | 'to')[];
  /** What all slices are given, beside their own part of the range. */
  readonly parameters: ParameterValues;
  /** That it publishes in. */
  readonly tables: readonly string[];
  /** `Open`: slices are missing, or have failed. */
  readonly state: 'Open' | 'Completed' | 'Cancelled';
  /** Who began it, or went on with it last. */
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The last attempt at a slice. */
export interface SliceRun {
  /** Name of the slice: where it begins. */
  readonly slice: string;
  readonly run: string;
  /** Counts those before that failed. */
  readonly attempt: number;
}

/** Backfills and their slices. */
export interface BackfillStore {
  find(pipeline: string, id: string): Promise<BackfillRecord | undefined>;
  /** Newest first. */
  list(pipeline: string): Promise<readonly BackfillRecord[]>;
  /** Opens a backfill, or opens it again, and notes that in the audit. Gives another open one of the pipeline back whose range it would share. */
  open(record: BackfillRecord, audit: AuditEntry): Promise<BackfillRecord | undefined>;
  /** False where it is not open. */
  close(
    record: Pick<BackfillRecord, 'pipeline' | 'id'>,
    state: 'Completed' | 'Cancelled',
    audit?: AuditEntry,
  ): Promise<boolean>;
  noteSlice(id: string, slice: SliceRun): Promise<void>;
  /** Those that were begun. */
  slices(id: string): Promise<readonly SliceRun[]>;
}

/** The open one whose range another would share. */
export function sharingRange(
  records: readonly BackfillRecord[],
  { id, from, to }: Pick<BackfillRecord, 'id' | 'from' | 'to'>,
): BackfillRecord | undefined {
  return records.find((one) => one.state === 'Open' && one.id !== id && one.from < to && from < one.to);
}
