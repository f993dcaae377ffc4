import type { ParameterValues } from '../component/parameter.ts';
import type { FileRule } from '../component/plan.ts';
import type { ScheduleExpression } from '../core/schedule-times.ts';
import type { ColumnChanges } from '../iceberg/column-changes.ts';
import type { ColumnIds } from './extract/pinned-inputs.ts';

/** What the state machine, the queues and the functions say to each other. All of it is JSON, small, and holds no rows. */

export type TriggerIdentity = TriggerKind & {
  /** What the run was given. Absent: nothing, so that defaults hold. */
  readonly parameters?: ParameterValues;
  /** Counts what somebody started once more because it had failed, from 1. Absent: the trigger as it came. */
  readonly attempt?: number;
};

type TriggerKind =
  | {
      readonly kind: 'file';
      readonly bucket: string;
      readonly key: string;
      readonly versionId: string;
      readonly size: number;
      readonly sequencer: string;
      /** Of its content. Absent in messages from before it was told. */
      readonly etag?: string;
    }
  | {
      readonly kind: 'batch';
      /** Files that are one run together: the trigger's prefix, or the folder below it in which they lie. */
      readonly place: string;
      /** Counts the batches of the place from 1. */
      readonly number: number;
    }
  | {
      readonly kind: 'folder';
      /** Folder whose files are complete, e.g. `landing/flights/2026-11-21/`. */
      readonly folder: string;
      /** File that says so. */
      readonly key: string;
      readonly versionId: string;
    }
  | { readonly kind: 'schedule' /** ISO 8601, from the event. */; readonly time: string }
  | { readonly kind: 'pipeline' /** Run of another pipeline that has completed. */; readonly run: string }
  | { readonly kind: 'event' /** Of the event, the same however often it is told. */; readonly id: string }
  | { readonly kind: 'manual'; readonly requestId: string }
  | BackfillTrigger
  | ReplayTrigger;

/** One slice of a backfill. Its part of the range is among its parameters. */
export interface BackfillTrigger {
  readonly kind: 'backfill';
  /** Id of the backfill. */
  readonly of: string;
  /** Where the slice begins. */
  readonly slice: string;
  /** That it publishes in. */
  readonly tables: readonly string[];
}

/** Rejects of an earlier run, to be run once more. */
export interface ReplayTrigger {
  readonly kind: 'replay';
  /** Run whose rejects these are, or became the rejects of a replay of it. */
  readonly of: string;
  /** Tables that the rows were on their way to, and now are again. */
  readonly tables: readonly string[];
  /** Counts the replays of this run for these tables from 1; of each number one is published. */
  readonly number: number;
  /** Attempts at the same replay that failed before. */
  readonly attempt: number;
  readonly inputs: readonly ReplayInput[];
  /**
   * True where rows meet on the way to the tables: all files of the run are read again, its rows in the tables are made
   * anew, and `inputs` are records that take the place of those in its files.
   */
  readonly whole?: true;
}

/** An object of the lake with rejects that one source has read, as `openRejects` of the engine writes it. */
export interface ReplayInput {
  readonly source: string;
  readonly key: string;
  readonly size: number;
  readonly rows: number;
}

/** A schedule, and which of its times are run that were missed: each, or none. Absent: the latest. */
export interface ScheduleRule extends ScheduleExpression {
  readonly catchUp?: 'all' | 'none';
}

/** Body of a message in the trigger queue, made by a rule's input transformer (or by the command line for manual runs). */
export interface TriggerMessage {
  readonly pipeline: string;
  readonly planDigest: string;
  readonly stateMachineArn: string;
  readonly trigger: TriggerIdentity;
  /** How files become runs, where one has arrived. Absent: each is a run, whatever came before. */
  readonly files?: FileRule;
  /** Of a time that was due: whose it is. Absent: each is a run. */
  readonly schedule?: ScheduleRule;
  /** Of a batch: when its window is over, in milliseconds since the epoch. */
  readonly until?: number;
}

/** Input of an execution. The execution's name is the run's id. */
export interface RunInput {
  readonly pipeline: string;
  readonly planDigest: string;
  readonly trigger: TriggerIdentity;
}

/** Input of every function that the state machine calls. */
export interface StageInput extends RunInput {
  /** `$states.context.Execution.Name`. */
  readonly run: string;
  /** `$states.context.Execution.StartTime`. */
  readonly startedAt: string;
}

/** Input of the function that extracts. */
export interface ExtractInput extends StageInput {
  /** True where all attempts are spent: sources that cannot be read are replaced by what stands in for them. */
  readonly fallback?: true;
}

/** Input of the function that initializes when a person has let the run go on. */
export interface ResumeInput extends StageInput {
  readonly resumes: true;
}

export interface ExtractOutput {
  /** True: one chunk computes all stages; reduce stages are skipped. */
  readonly solo: boolean;
  /** By stage id. `manifest` is the key of a JSON array of `ChunkItem`s in the lake bucket. */
  readonly stages: Readonly<Record<string, { readonly chunks: number; readonly manifest: string }>>;
  readonly inputFiles: number;
  readonly inputBytes: number;
}

/** One item of a manifest: what a chunk is. */
export interface ChunkItem {
  readonly stage: string;
  readonly chunk: string;
  readonly solo: boolean;
  /** Hash partitions of the exchanges of this run. */
  readonly partitions: number;
  /** Files of a process chunk. */
  readonly inputs?: readonly ChunkInput[];
  /** Sources whose files in it are those of something else, because they could not be read. Absent: none. */
  readonly instead?: readonly string[];
  /** Hash partition that a reduce chunk reads. */
  readonly partition?: number;
  /** Version by name of the keys that its steps hash with: that of all chunks of the run. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** By output and column: ids that files of tables are written with, where these do not follow from names. Absent: all do. */
  readonly ids?: ColumnIds;
  /** How far its sources were taken when the run began, by source. Absent: nothing was, or none goes on. */
  readonly cursors?: Readonly<Record<string, string>>;
}

export interface ChunkInput {
  readonly source: string;
  readonly key: string;
  readonly versionId?: string;
  readonly size: number;
  /** Position of the file among the run's files. */
  readonly file: number;
  /** Of a file of a table whose columns were others once: metadata of the table by whose ids it is read. Absent: by names. */
  readonly metadata?: string;
  /** True where it holds rejects of an earlier run. */
  readonly rejects?: true;
  /** Rows of a Parquet file that belong to the chunk. Absent: all. */
  readonly rows?: { readonly from: number; readonly to: number };
  /** Part of a text file that belongs to the chunk. Absent: all of it. */
  readonly part?: TextPart;
}

/** Whole records of a text file. */
export interface TextPart {
  /** Byte offsets, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** Bytes at the start of the file that name the columns, or open the array. */
  readonly header: number;
  /** Records before it. */
  readonly recordsBefore: number;
  /** What the part lacks at its end to be a file. Absent: nothing. */
  readonly end?: string;
}

/** Body of a message in a stage's buffer. */
export interface ChunkMessage extends StageInput {
  readonly taskToken: string;
  /** How often the state has tried before. Absent: the machine is older than this member. */
  readonly retryCount?: number;
  readonly item: ChunkItem;
}

/** Output of a chunk's task. */
export interface ChunkReport {
  readonly chunk: string;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly rejected: number;
}

export interface AssessOutput {
  readonly gate: 'pass' | 'review' | 'fail';
  readonly score: number;
  /** Key of the report in the lake. */
  readonly report: string;
  /** Where the gate fails: for people. */
  readonly why?: string;
  /** What was decided before the run was redriven. Absent: nobody has let it go. */
  readonly decision?: 'approve' | 'release';
}

/** Input of Publish and Commit: the tables by output node id. */
export interface PublishOutput {
  readonly tables: Readonly<Record<string, PublishedTable>>;
  /** How far the run takes the sources that go on, by source. The tables themselves say what holds. Absent: none goes on. */
  readonly cursors?: Readonly<Record<string, CursorMove>>;
}

/** Texts of values of the column by which a source goes on. */
export interface CursorMove {
  /** Absent: it was not taken before. */
  readonly from?: string;
  /** Absent: there was no row. */
  readonly to?: string;
}

export interface PublishedTable {
  readonly table: string;
  readonly metadata: string;
  /** Of the run. */
  readonly rows: number;
  /** What became of them, where they are merged by their key. They add up to `rows`. */
  readonly merged?: { readonly inserted: number; readonly updated: number; readonly superseded: number };
  /** What the run has changed about the columns of the table. Absent: nothing. */
  readonly columns?: ColumnChanges;
}

/** Added to `StageInput` where a step has failed: what the Catch received. */
export interface FailureInput extends StageInput {
  readonly error: { readonly Error: string; readonly Cause?: string };
  /** Name of the state that failed. */
  readonly state: string;
  /** What becomes of the run once it is undone. Default `Failed`. */
  readonly ending?: 'Failed' | 'Cancelled';
}

/** Input of the function that compensates, once it has: the run is to end under the name of what went wrong. */
export interface ConclusionInput extends StageInput {
  readonly concludes: true;
  readonly error: { readonly Error: string; readonly Cause?: string };
}

/** The event that the time is over for which a failed run was kept for a redrive. */
export interface RunExpiredInput {
  readonly specversion: '1.0';
  readonly pipeline: string;
  readonly run: string;
}

/** What Step Functions tells of an execution that has ended, of which no state of it could take note. */
export interface ExecutionEnded {
  /** The run's id. */
  readonly name: string;
  readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** Milliseconds since the epoch. */
  readonly startDate: number;
  /** `RunInput` as JSON; null where it was too large to be told. */
  readonly input: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  /** How often it had been redriven. */
  readonly redriveCount?: number;
}

/** Input of the function that asks for a review; `taskToken` is what its decision answers. */
export interface ReviewInput extends StageInput {
  readonly taskToken: string;
  /** True where the person was asked before, and the deadline comes near. */
  readonly reminds?: true;
}

/** Input of the same function when nobody has decided in time. */
export interface ReviewExpiredInput extends StageInput {
  readonly expired: true;
}

/** Output of the review task when a person has let the run go on. A rejection fails the task with `ReviewRejectedError`. */
export interface ReviewOutput {
  readonly decision: 'approve' | 'release';
  /** Who decided. */
  readonly by: string;
}
