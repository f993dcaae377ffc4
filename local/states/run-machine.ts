import { Branch, type Run } from './branch.ts';
import type { Checkpoint, Environment, Outcome } from './environment.ts';
import { History } from './history.ts';
import { isoTime } from './iso-time.ts';
import type { JsonObject } from './json.ts';
import type { Machine } from './machine.ts';
import type { Payload } from './payload.ts';
import { progressOf, redrivenFrom } from './progress.ts';
import { runBranch } from './run-branch.ts';
import { Scope } from './scope.ts';
import { AbortedError, StatesError } from './states-error.ts';
import { failureDetails } from './task/lambda-task.ts';

/** One execution, as its context object shows it. */
export interface ExecutionIdentity {
  readonly arn: string;
  readonly name: string;
  /** A state that is tested may have none. */
  readonly roleArn: string | null;
  readonly startTime: number;
  /** When it was redriven last. */
  readonly redriveTime?: number;
  /** Express executions have none. */
  readonly redriveCount: number | undefined;
  readonly machineArn: string;
  readonly machineName: string;
}

export interface RunOptions {
  /** Ends the execution; its reason may be a `StopRequest` with error and cause, or a `Suspension`. */
  readonly signal: AbortSignal;
  /** Where to go on instead of starting at StartAt. */
  readonly from?: Checkpoint;
  /** The execution goes on after it had ended, as so many events of its history tell. */
  readonly redrive?: { readonly events: number; readonly count: number };
  /** Ends the execution at the latest, whatever its definition says. */
  readonly longestSeconds?: number;
}

/** Why an execution was stopped from outside. */
export class StopRequest {
  readonly error: string | undefined;
  readonly cause: string | undefined;

  constructor(error?: string, cause?: string) {
    this.error = error;
    this.cause = cause;
  }
}

/** As an abort reason: the process is ending, and the execution stays where its last checkpoint left it. */
export class Suspension {}

/** The execution was suspended. */
export class SuspendedError extends Error {}

/**
 * Runs an execution to its end, its history included. Resolves however it ends; rejects only with `SuspendedError`, or
 * with a defect of the interpreter or its environment.
 */
export async function runMachine(
  machine: Machine,
  input: Payload,
  identity: ExecutionIdentity,
  environment: Environment,
  options: RunOptions,
): Promise<Outcome> {
  const { from, redrive } = options;
  const history = new History(environment.clock, (event) => environment.record(event), {
    lastId: redrive?.events ?? from?.lastEventId,
    express: identity.redriveCount === undefined,
  });
  const run: Run = { environment, history, context: contextOf(identity, input) };
  if (redrive) history.record('ExecutionRedriven', redrive.events, { redriveCount: redrive.count });
  else if (!from) history.record('ExecutionStarted', 0, { input: input.text, roleArn: identity.roleArn });
  const over = new AbortController();
  const branch = new Branch({
    run,
    machine,
    scope: new Scope(),
    signal: AbortSignal.any([options.signal, over.signal]),
    lastEventId: redrive ? history.lastId : 0,
    outermost: true,
  });
  const limit = Math.min(
    machine.timeoutSeconds ?? Number.POSITIVE_INFINITY,
    options.longestSeconds ?? Number.POSITIVE_INFINITY,
  );
  const end = (identity.redriveTime ?? identity.startTime) + limit * 1000;
  const timer = Number.isFinite(end)
    ? environment.clock.after(end - environment.clock.now(), () => over.abort())
    : undefined;
  try {
    const output = await abortable(
      runBranch(branch, input, redrive && from ? redrivenFrom(branch, from) : from),
      branch.signal,
    );
    history.end('ExecutionSucceeded', branch.lastEventId, { output: output.text });
    return { status: 'SUCCEEDED', output };
  } catch (error) {
    if (over.signal.aborted && !options.signal.aborted) return timedOut(branch);
    if (options.signal.aborted) return stopped(branch, options.signal.reason);
    if (!(error instanceof StatesError)) throw error;
    keepProgress(branch);
    history.end('ExecutionFailed', branch.lastEventId, failureDetails(error));
    return { status: 'FAILED', ...failureDetails(error) };
  } finally {
    timer?.cancel();
  }
}

/** A redrive goes on from here. */
function keepProgress(branch: Branch): void {
  const progress = progressOf(branch);
  if (progress && 'at' in progress) branch.run.environment.checkpoint?.(progress.at);
}

function timedOut(branch: Branch): Outcome {
  keepProgress(branch);
  // Only the event names the error, and it follows nothing.
  branch.run.history.end('ExecutionTimedOut', 0, { error: 'States.Timeout' });
  return { status: 'TIMED_OUT' };
}

function stopped(branch: Branch, reason: unknown): Outcome {
  if (reason instanceof Suspension) throw new SuspendedError('the execution was left where it stands');
  keepProgress(branch);
  const { error, cause } = reason instanceof StopRequest ? reason : new StopRequest();
  const details = { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
  branch.run.history.end('ExecutionAborted', branch.lastEventId, details);
  return { status: 'ABORTED', ...details };
}

/** Rejects as soon as the signal says so, even while something inside does not listen to it. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new AbortedError());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** `Execution` and `StateMachine` of the context object. */
export function contextOf(identity: ExecutionIdentity, input: Payload): JsonObject {
  return {
    Execution: {
      Id: identity.arn,
      Input: input.value,
      StartTime: isoTime(identity.startTime),
      Name: identity.name,
      RoleArn: identity.roleArn,
      ...(identity.redriveCount === undefined ? {} : { RedriveCount: identity.redriveCount }),
      ...(identity.redriveTime === undefined ? {} : { RedriveTime: isoTime(identity.redriveTime) }),
    },
    StateMachine: { Id: identity.machineArn, Name: identity.machineName },
  };
}
