import type { ParameterValues } from '../../component/parameter.ts';
import type { FailureKind } from '../../core/errors/penstock-error.ts';
import type { FallbackUse } from '../extract/pinned-inputs.ts';
import type { LedgerRecord } from '../ledger/ledger-entry.ts';
import type { AssessOutput, ExtractOutput, PublishOutput, TriggerIdentity } from '../messages.ts';
import type { AuditEntry } from './audit.ts';

export type RunState = 'Triggered' | 'Running' | 'AwaitingReview' | 'Completed' | 'Failed' | 'Cancelled';

/**
 * Where a run is within `Running` (`Undecided` and `Decided`: within `AwaitingReview`; `Kept`: within `Failed`).
 * `Compensating` shuts the door to Commit before anything is removed. `Retrying`: it failed and is being redriven.
 * What a `Kept` run has done is still there, so that it can be.
 */
export type RunPhase =
  | 'Initializing'
  | 'Retrying'
  | 'Executing'
  | 'Assessing'
  | 'Completing'
  | 'Compensating'
  | 'Undecided'
  | 'Decided'
  | 'Kept';

export interface RunRecord {
  readonly run: string;
  readonly pipeline: string;
  readonly planDigest: string;
  readonly trigger: TriggerIdentity;
  /** ISO 8601, of the execution; with the name it tells one execution from another. */
  readonly startedAt: string;
  /** What the run works with, defaults included. Absent: its pipeline declares no parameters. */
  readonly parameters?: ParameterValues;
  readonly state: RunState;
  readonly phase?: RunPhase;
  /** Every state that the run was in, oldest first. */
  readonly transitions: readonly Transition[];
  readonly extract?: ExtractOutput;
  /** Sources in whose place something else was read. Absent: none. */
  readonly fallbacks?: readonly FallbackUse[];
  readonly assess?: Assessment;
  readonly publish?: PublishOutput;
  readonly review?: Review;
  readonly totals?: RunTotals;
  readonly failure?: RunFailure;
  /** How often it was redriven. Absent: never. */
  readonly redrives?: number;
  /** Milliseconds since the epoch. */
  readonly endedAt?: number;
}

export interface Assessment extends AssessOutput {
  /** Mean share of rules that hold, by dimension of quality. Absent in records of runs before it was kept. */
  readonly dimensions?: Readonly<Record<string, number>>;
}

export interface Transition {
  readonly state: RunState;
  readonly phase?: RunPhase;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Review {
  readonly taskToken: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly decision?: ReviewDecision;
  /** Who decided. */
  readonly by?: string;
  /** What is not published where the decision is `release`. */
  readonly hold?: Hold;
  /** What was written of each table once that was held, by output node. */
  readonly released?: Readonly<Record<string, ReleasedTable>>;
}

/** `release`: good rows are published, the others held as rejects. */
export type ReviewDecision = 'approve' | 'release' | 'reject';

/** What a person holds back. */
export interface Hold {
  /** Ids of rules: rows that break them are held. Absent: all rules. */
  readonly rules?: readonly string[];
  /** Tables that are held whole. */
  readonly tables?: readonly string[];
}

export interface ReleasedTable {
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
  readonly files: number;
  readonly held: number;
}

export interface RunTotals {
  readonly inputFiles: number;
  readonly inputBytes: number;
  readonly rowsIn: number;
  readonly multiplied: number;
  readonly rejected: number;
  readonly filtered: number;
  readonly merged: number;
  /** Rows published, by table. */
  readonly tables: Readonly<Record<string, number>>;
}

export interface RunFailure {
  /** Class name of the error. */
  readonly error: string;
  readonly code?: string;
  readonly message: string;
  /** Name of the state that failed. */
  readonly state: string;
  readonly disposition: 'retryable' | 'terminal' | 'review';
  /** Absent in records of runs that ended before failures had a kind. */
  readonly kind?: FailureKind;
  /** Run that was at work when this one came and was skipped. */
  readonly skippedFor?: string;
}

/** Why the last failed attempt at a chunk failed. */
export interface ChunkFailure {
  readonly run: string;
  readonly stage: string;
  readonly chunk: string;
  /** Class name of the error. */
  readonly error: string;
  /** JSON, as `failureOf` makes it. */
  readonly cause: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** One of the tries of a state to have a chunk done. */
export interface ChunkAttempt {
  readonly run: string;
  readonly stage: string;
  readonly chunk: string;
  /** How often the state has tried before. */
  readonly retryCount: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

type RunFact =
  | 'extract'
  | 'fallbacks'
  | 'assess'
  | 'publish'
  | 'review'
  | 'totals'
  | 'failure'
  | 'redrives'
  | 'endedAt';

/** What a change of state may write along with it; `null` takes a fact back. */
export type RunFacts = { readonly [Fact in RunFact]?: RunRecord[Fact] | null };

export interface RunChange {
  readonly run: string;
  /** States, with phase where it matters, that the run must be in. */
  readonly from: readonly { readonly state: RunState; readonly phase?: RunPhase }[];
  readonly to: { readonly state: RunState; readonly phase?: RunPhase };
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly facts?: RunFacts;
  /** Who did it: stands in the audit where the change was made, and only there. */
  readonly audit?: AuditEntry;
}

/** Somebody looks after a run. */
export interface Acknowledgement {
  readonly run: string;
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface InputVersion {
  readonly key: string;
  /** Empty where the bucket keeps no versions. */
  readonly versionId: string;
}

/** What a run has taken for itself. */
export interface Claim extends InputVersion {
  readonly run: string;
}

/** `taken`: another run has one of the files. `refused`: the run is not (any longer) one that may publish. */
export type ClaimOutcome = 'claimed' | 'taken' | 'refused';

export interface RunPage {
  /** Newest first. */
  readonly runs: readonly RunRecord[];
  /** Give it back for the next page; absent on the last. */
  readonly cursor?: string;
}

/** Runs, their chunks, and which input they used up. Every write is conditional. */
export interface RunStore {
  /** `exists`: there is a run of this name already; nothing was written. */
  create(record: RunRecord): Promise<'created' | 'exists'>;
  find(run: string): Promise<RunRecord | undefined>;
  /** False where the run is in none of the states that the change starts from. */
  change(change: RunChange): Promise<boolean>;
  /** Newest first; `limit` 50 by default. */
  list(query: { readonly pipeline?: string; readonly limit?: number; readonly cursor?: string }): Promise<RunPage>;

  /** Notes until when (milliseconds since the epoch) a failed run is kept for a redrive; then `RedriveExpired` is told. */
  keep(pipeline: string, run: string, until: number): Promise<void>;

  addLedgerRecord(record: LedgerRecord): Promise<'written' | 'exists'>;
  ledgerRecord(run: string, stage: string, chunk: string): Promise<LedgerRecord | undefined>;
  /** In the order of stage and chunk; of one stage, or all. */
  ledgerRecords(run: string, stage?: string): Promise<readonly LedgerRecord[]>;

  /** Keeps why an attempt at a chunk failed; a later attempt's reason takes its place. */
  addChunkFailure(failure: ChunkFailure): Promise<void>;
  /** In the order of stage and chunk. A chunk that succeeded later is among them. */
  chunkFailures(run: string): Promise<readonly ChunkFailure[]>;

  /**
   * Notes that a worker begins a chunk once more. The answer is how many have in a row, without telling how it ended;
   * the row begins anew where the state counts its tries anew.
   */
  beginAttempt(attempt: ChunkAttempt): Promise<number>;
  /** Ends that row: the worker has told how it ended. */
  endAttempt(attempt: ChunkAttempt): Promise<void>;

  /** Counts an attempt at a chunk of a run that has failed, once; the answer is how many that makes. */
  countFailedAttempt(attempt: ChunkAttempt): Promise<number>;
  /** Begins that count anew. */
  forgetFailedAttempts(run: string): Promise<void>;

  /** Notes who looks after a run, unless somebody does, and that in the audit; the answer is who did before. */
  acknowledge(note: Acknowledgement, audit?: AuditEntry): Promise<Acknowledgement | undefined>;
  acknowledged(run: string): Promise<Acknowledgement | undefined>;
  /** True for the execution that was the first to ask: it is the one that tells of the incident. */
  claimIncident(pipeline: string, incident: string, execution: string): Promise<boolean>;

  /** Those of `files` that another run than `run` claimed. */
  consumed(pipeline: string, run: string, files: readonly InputVersion[]): Promise<readonly InputVersion[]>;
  /** Claims files for a run, for as long as it is in phase `Completing`; some may be claimed when the answer is no. */
  claim(pipeline: string, run: string, files: readonly InputVersion[]): Promise<ClaimOutcome>;
  /** All claims on versions of one key, or on what is counted under it. */
  claims(pipeline: string, key: string): Promise<readonly Claim[]>;
  /** Gives a claim of this run back; of another run's nothing happens. */
  release(pipeline: string, run: string, file: InputVersion): Promise<void>;
}

/** Ended, with nothing of it published: what it was to do can be tried again. */
export function isOver({ state }: Pick<RunRecord, 'state'>): boolean {
  return state === 'Failed' || state === 'Cancelled';
}
