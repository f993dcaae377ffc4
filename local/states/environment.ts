import type { Clock } from '../../lib/core/clock.ts';
import type { HistoryEvent } from './history.ts';
import type { Json, JsonObject } from './json.ts';
import type { Machine } from './machine.ts';
import type { Payload } from './payload.ts';
import type { Resource, ServiceResource } from './resource.ts';
import type { StatesError } from './states-error.ts';

/** Everything that the interpreter needs of the world. It knows no service, no network, no store. */
export interface Environment {
  readonly clock: Clock;
  readonly region: string;
  /** Uniform in [0, 1). */
  random(): number;
  /** Keeps one event of the execution's history. */
  record(event: HistoryEvent): void;
  /** What is wrong with a task's parameters, before anything is scheduled. */
  checkParameters(resource: ServiceResource, parameters: Json): string[];
  /** What keeps every task from being started, such as a role that cannot be assumed any more. */
  startFailure?(): StatesError | undefined;
  /** Calls what a task names. Rejects with a `StatesError` carrying AWS's error name and cause. */
  call(call: TaskCall): Promise<TaskAnswer>;
  /** Waits for the job that `call` started (`.sync`). */
  awaitJob(call: TaskCall, submitted: TaskAnswer): Promise<TaskAnswer>;
  /** A fresh token; known to the callback API from now on. */
  issueToken(): string;
  /** Waits until the token is returned. `onHeartbeat` is called for each heartbeat. */
  awaitToken(token: string, signal: AbortSignal, onHeartbeat: () => void): Promise<TaskAnswer>;
  /** The token will not be waited for any longer. */
  dropToken(token: string): void;
  activityExists(arn: string): boolean;
  /** Puts a task before an activity's workers; `onStart` is called when one takes it. */
  scheduleActivity(arn: string, input: string, token: string, onStart: (workerName?: string) => void): void;
  /** Reads and lists the items of a distributed Map and keeps its results. */
  readonly objects: ObjectAccess;
  /** Starts the Map Run of a distributed Map. */
  openMapRun(request: MapRunRequest): MapRun;
  /** Told what the data of a state became on its way through; only a test of one state listens. */
  inspect?(field: string, value: Json): void;
  /** Called whenever the execution's outermost level enters a state or a task was submitted: where a restart resumes. */
  checkpoint?(checkpoint: Checkpoint): void;
}

export interface TaskCall {
  readonly resource: Exclude<Resource, { kind: 'activity' }>;
  readonly parameters: Json;
  /** The state that calls, for mocks and session names. */
  readonly stateName: string;
  readonly scheduledEventId: number;
  readonly token?: string;
  /** A role that the task asks for by `Credentials`. */
  readonly roleArn?: string;
  readonly signal: AbortSignal;
  /** Stops the clock of the task's time limit until the result is called. Absent: nothing stops it. */
  pause?(): () => void;
}

/** What came back. `text` is the JSON as the service sent it, where that differs from `JSON.stringify(output)`. */
export interface TaskAnswer {
  readonly output: Json;
  readonly text?: string;
}

/** S3, as a distributed Map uses it. Errors are `StatesError`s. */
export interface ObjectAccess {
  read(resource: ServiceResource, parameters: JsonObject): Promise<Buffer>;
  list(parameters: JsonObject): AsyncIterable<Json>;
  write(parameters: { Bucket: string; Key: string; Body: string }): Promise<void>;
}

export interface MapRunRequest {
  readonly stateName: string;
  /** The Map's own Label, if it has one. */
  readonly label?: string;
  readonly machine: Machine;
  /** The processor's definition, with the query language that it inherits written out. */
  readonly definition: JsonObject;
  /** The event by which the Map state was entered: with the state's name it finds the Map Run again after a restart. */
  readonly enteredEventId: number;
  readonly executionType: 'STANDARD' | 'EXPRESS';
  readonly limits: MapRunLimits;
}

export interface MapRunLimits {
  /** 0 stands for "as many as possible". */
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number;
  readonly toleratedFailurePercentage: number;
}

/** One Map Run: its child executions and its counts. */
export interface MapRun {
  readonly arn: string;
  /** It was going on when the process ended, and goes on now. */
  readonly resumed?: boolean;
  /** How often it was redriven, where it is being redriven. */
  readonly redriven?: number;
  /** Tells of limits that differ from those asked for, and of each change of them while the Map Run goes on. */
  followLimits?(changed: (limits: MapRunLimits) => void): void;
  /** The number of items, once it is known. */
  itemsRead(total: number): void;
  /** Runs one child execution over one item or batch. */
  runChild(child: MapRunChild): Promise<Outcome>;
  finish(status: 'SUCCEEDED' | 'FAILED' | 'ABORTED', error?: string): void;
}

export interface MapRunChild {
  readonly index: number;
  readonly input: Payload;
  /** How many items `input` holds: more than one only in a batch. */
  readonly itemCount: number;
  readonly signal: AbortSignal;
}

/** How an execution ended. */
export type Outcome =
  | { readonly status: 'SUCCEEDED'; readonly output: Payload; readonly arn?: string; readonly details?: JsonObject }
  | {
      readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED';
      readonly error?: string;
      readonly cause?: string;
      readonly arn?: string;
      readonly details?: JsonObject;
    };

/** A branch that ended, with its output as JSON; one that is on its way; null for one that never began. */
export type BranchProgress = { readonly output: string } | { readonly at: Checkpoint } | null;

/** Where a line of states stands; of an execution's outermost one, enough to go on after a restart or by a redrive. */
export interface Checkpoint {
  readonly state: string;
  readonly input: string;
  /** Undefined where the state before was left and this one not entered yet. */
  readonly entered?: { readonly eventId: number; readonly time: number };
  readonly lastEventId: number;
  readonly variables: JsonObject;
  readonly retries?: readonly number[];
  /** The Map Run of the state was started. */
  readonly mapRunStarted?: boolean;
  /** How far the branches of a Parallel or the iterations of a Map have come. */
  readonly inner?: readonly BranchProgress[];
  /** The task that was waiting for its token, and until when. `started`: an activity's worker has it. */
  readonly waiting?: {
    readonly token: string;
    readonly input?: string;
    readonly started?: boolean;
    readonly timeoutAt?: number;
    readonly heartbeatSeconds?: number;
  };
}
