import type { ReviewDecision } from '../../lib/runtime/ports/run-store.ts';
import type { PipelineName } from './pipelines.ts';
import type { Workers } from './workers.ts';

/**
 * What becomes of a row: it is published, left out by a rule, refused, published without a city, or published although it
 * came about before rows that were there already.
 */
export type RowKind = 'good' | 'zero' | 'bad' | 'nameless' | 'late';

/** Rows of a range of days are asked for again; days have the numbers of the versions that brought their rows. */
export interface Backfill {
  readonly from: number;
  /** Is not in it. */
  readonly to: number;
  /** Of a slice. */
  readonly days: number;
  /** Slices at work at the same time. */
  readonly parallel: number;
}

/** A call by what it is, for histories that are to outlive changes of what is called besides. */
export interface NamedCall {
  /** e.g. `glue:CreateTable` */
  readonly call: string;
  /** Part of the name of who makes it, or of what it is about, e.g. `commit`. */
  readonly of: string;
  /** Counted from 0 among those. */
  readonly nth: number;
}

/**
 * What somebody or something does while the pipeline works; `after` so many calls have been made, or as soon as that one is
 * made, or the first mishap has struck.
 */
export type Act = { readonly after: number | NamedCall | 'mishap' } & (
  | {
      readonly do: 'drop';
      /** Files of the same number are versions of one key. */
      readonly key: number;
      readonly rows: readonly RowKind[];
    }
  /** The marker comes that says that the set of files is whole. */
  | { readonly do: 'mark' }
  /** What rows are looked up in is replaced by another edition. */
  | { readonly do: 'refer'; readonly edition: number }
  /** Starts a run over all files that no run has taken. */
  | { readonly do: 'start' }
  /** A person cancels, tries again or lets go on the run that was begun as the how many-th. */
  | { readonly do: 'cancel' | 'retry' | 'redrive'; readonly run: number }
  /** A person says that he looks after that run. */
  | { readonly do: 'acknowledge'; readonly run: number; readonly by: string }
  /** A time of an hourly schedule was due so long ago, and is told of now. */
  | { readonly do: 'time'; readonly hoursAgo: number }
  /** A person who is waited for decides; `after` does not count. Several decide at the same moment. */
  | { readonly do: 'decide'; readonly decision: ReviewDecision }
  /** A person asks for a range again, or goes on with that. */
  | ({ readonly do: 'backfill' } & Backfill)
  /** A person ends a backfill that begins on that day, and that is open. */
  | { readonly do: 'cancel backfill'; readonly from: number }
  /** A person has all messages that were given up delivered once more. */
  | { readonly do: 'redeliver' }
  /** A person has the earlier states of a table forgotten. */
  | { readonly do: 'expire'; readonly table: 'rows' | 'sums' }
  /** A person has the rejects of a run that has completed run once more, as they were or with corrected records. */
  | { readonly do: 'replay'; readonly run: number; readonly corrected: boolean }
  | { readonly do: 'pause' | 'resume' }
  /** Another plan is deployed, or the first one again. */
  | { readonly do: 'deploy'; readonly edition: number }
  /** From now on the clocks of functions are off. */
  | { readonly do: 'skew'; readonly minutes: number }
);

/** What whoever asked asks once more when the answer did not come: it may have been done. */
export const askedAgain: ReadonlySet<Act['do']> = new Set([
  ...(['start', 'cancel', 'retry', 'redrive', 'decide', 'acknowledge', 'pause', 'resume'] as const),
  ...(['cancel backfill', 'redeliver', 'expire'] as const),
]);

/** Who makes a call: a function of the pipeline, a service of AWS, or a person. */
export type Caller = 'function' | 'service' | 'person';

/** Calls by what they are: so many from one of them on. */
export interface NamedCalls extends NamedCall {
  /** Default 1. */
  readonly times?: number;
}

/** What goes wrong with one call of a kind of callers. */
export interface Mishap {
  /** What a person does ends where it is killed. */
  readonly by: Caller;
  /** Counted from 0 among all of them, or named. */
  readonly at: number | NamedCalls;
  readonly what:
    | 'kill before'
    | 'kill after'
    | 'lose before'
    | 'lose after'
    | 'throttle'
    | 'break'
    | 'duplicate'
    /** A message steps back behind those that come after it. */
    | 'reorder'
    | 'wait 20 s'
    | 'wait 5 min'
    | 'wait 20 min';
}

/** All that is not decided by the app itself. The same history gives the same calls in the same order. */
export interface History {
  readonly pipeline: PipelineName;
  readonly acts: readonly Act[];
  readonly mishaps: readonly Mishap[];
  /** Which of the calls that wait is made next, each time that there is a choice; 0, the oldest, where it is at its end. */
  readonly order: readonly number[];
  /** How many may be at work. Absent: as the pipeline says. */
  readonly workers?: Workers;
}
