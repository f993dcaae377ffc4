import type { Checkpoint, Outcome } from '../../states/environment.ts';
import { Payload } from '../../states/payload.ts';
import { type RunOptions, runMachine, StopRequest, SuspendedError, Suspension } from '../../states/run-machine.ts';
import type { Collection } from '../../store.ts';
import { CloudEnvironment } from './cloud-environment.ts';
import type { StepFunctionsCore } from './core.ts';
import type { ExecutionRecord } from './records.ts';
import { emitStatusChange } from './status-change.ts';

interface Live {
  readonly abort: AbortController;
  readonly ended: Promise<ExecutionRecord>;
  /** Where the execution would be resumed. */
  checkpoint: Checkpoint | undefined;
  /** Tokens of states that were left since the last checkpoint. */
  spentTokens: string[];
}

type Continuation = Pick<RunOptions, 'from' | 'redrive' | 'longestSeconds'>;

/** An express execution is ended after five minutes. */
const longestExpressSeconds = 300;

/** Runs executions and keeps what becomes of them. */
export class Executions {
  readonly #core: () => StepFunctionsCore;
  readonly #live = new Map<string, Live>();
  #records: Collection<ExecutionRecord> | undefined;
  #checkpoints: Collection<Checkpoint> | undefined;

  constructor(core: () => StepFunctionsCore) {
    this.#core = core;
  }

  get records(): Collection<ExecutionRecord> {
    this.#records ??= this.#core().cloud.store.collection('states.executions');
    return this.#records;
  }

  get checkpoints(): Collection<Checkpoint> {
    this.#checkpoints ??= this.#core().cloud.store.collection('states.checkpoints');
    return this.#checkpoints;
  }

  /** Starts an execution, which goes on by itself; resolves when it has ended. */
  start(record: ExecutionRecord): Promise<ExecutionRecord> {
    this.records.set(record.arn, record);
    emitStatusChange(this.#core().cloud, record);
    return this.#run(record);
  }

  /** Runs an express execution, of which nothing is kept but its log. */
  runExpress(record: ExecutionRecord): Promise<ExecutionRecord> {
    return this.#run(record, { longestSeconds: longestExpressSeconds });
  }

  /** Goes on with an execution from where its last checkpoint left it, or from its beginning where it has none. */
  resume(record: ExecutionRecord): Promise<ExecutionRecord> {
    const { histories, tokens } = this.#core();
    const from = this.checkpoints.get(record.arn);
    // Tokens of tasks that will be run again are worth nothing any more.
    tokens.deleteOf(record.arn, from?.waiting?.token);
    histories.truncate(record.arn, from?.lastEventId ?? 0);
    return this.#run(record, from ? { from } : {});
  }

  /**
   * Goes on with an execution that had ended without success, at the state where it did. Express children of a Map Run
   * begin anew.
   */
  redrive(record: ExecutionRecord, token?: string): ExecutionRecord {
    const { cloud, histories } = this.#core();
    const { stopTime: _stop, error: _error, cause: _cause, output: _output, ...rest } = record;
    const time = cloud.clock.now();
    if (record.type === 'EXPRESS') {
      const again: ExecutionRecord = { ...rest, status: 'RUNNING', startTime: time };
      void this.start(again);
      return again;
    }
    const redriven: ExecutionRecord = {
      ...rest,
      status: 'RUNNING',
      redriveCount: record.redriveCount + 1,
      redriveTime: time,
      ...(token === undefined
        ? {}
        : { redriveTokens: [{ token, time }, ...(record.redriveTokens ?? [])].slice(0, 10) }),
    };
    this.records.set(redriven.arn, redriven);
    emitStatusChange(cloud, redriven);
    const from = this.checkpoints.get(record.arn);
    const redrive = { events: histories.read(record.arn).length, count: redriven.redriveCount };
    void this.#run(redriven, { redrive, ...(from ? { from } : {}) });
    return redriven;
  }

  /** Resumes what ran when the process ended. Child executions are resumed by the Map Run that they belong to. */
  resumeAll(): void {
    for (const record of [...this.records.values()]) {
      if (record.status === 'RUNNING' && record.mapRunArn === undefined) void this.resume(record);
    }
  }

  /** Ends a running execution; resolves to its record when it has stopped. */
  async stop(arn: string, error?: string, cause?: string): Promise<ExecutionRecord> {
    const live = this.#live.get(arn);
    if (!live) return this.records.get(arn)!;
    live.abort.abort(new StopRequest(error, cause));
    return live.ended;
  }

  /** Resolves when the execution has ended. */
  async ended(arn: string): Promise<ExecutionRecord> {
    return this.#live.get(arn)?.ended ?? this.records.get(arn)!;
  }

  /** Leaves every running execution where it stands. */
  async close(): Promise<void> {
    for (const live of this.#live.values()) live.abort.abort(new Suspension());
    await Promise.allSettled([...this.#live.values()].map((live) => live.ended));
  }

  checkpoint(record: ExecutionRecord, checkpoint: Checkpoint): void {
    const live = this.#live.get(record.arn);
    if (!live || live.abort.signal.reason instanceof Suspension || record.type === 'EXPRESS') return;
    live.checkpoint = checkpoint;
    const { cloud, histories } = this.#core();
    if (!cloud.store.persistent) {
      this.#forgetTokens(live);
      return;
    }
    cloud.store.transaction(() => {
      histories.flush(record.arn);
      this.checkpoints.set(record.arn, checkpoint);
      this.#forgetTokens(live);
    });
  }

  /** The token's state was left; it goes with the next checkpoint, so that a crash before loses nothing. */
  spend(arn: string, token: string): void {
    const { tokens } = this.#core();
    const live = this.#live.get(arn);
    tokens.leave(token);
    if (live) live.spentTokens.push(token);
    else tokens.delete(token);
  }

  #run(record: ExecutionRecord, continuation: Continuation = {}): Promise<ExecutionRecord> {
    const abort = new AbortController();
    const ended = this.#runToEnd(record, abort, continuation);
    // A suspended execution is resumed by the next process; nobody here need hear of it.
    ended.catch(() => {});
    this.#live.set(record.arn, { abort, ended, checkpoint: continuation.from, spentTokens: [] });
    return ended;
  }

  async #runToEnd(
    record: ExecutionRecord,
    abort: AbortController,
    continuation: Continuation,
  ): Promise<ExecutionRecord> {
    // The caller that started it sees it running first.
    await Promise.resolve();
    const core = this.#core();
    const environment = new CloudEnvironment(core, record);
    try {
      if (continuation.redrive) await core.mapRuns.finished(record.arn);
      const machine = core.definitions.machine(record.definitionDigest);
      const outcome = await runMachine(machine, Payload.parse(record.input), identityOf(record), environment, {
        signal: abort.signal,
        ...continuation,
      });
      await environment.finish();
      return this.#end(record, outcome);
    } catch (error) {
      core.histories.discard(record.arn);
      if (error instanceof SuspendedError) throw error;
      return this.#end(record, { status: 'FAILED', error: 'States.Runtime', cause: String((error as Error).stack) });
    } finally {
      this.#live.delete(record.arn);
    }
  }

  #end(started: ExecutionRecord, outcome: Outcome): ExecutionRecord {
    const core = this.#core();
    const live = this.#live.get(started.arn)!;
    const record = endedRecord(started, outcome, core.cloud.clock.now());
    if (record.type === 'EXPRESS' && record.mapRunArn === undefined) return record;
    core.cloud.store.transaction(() => {
      core.histories.pack(record.arn);
      this.records.set(record.arn, record);
      if (outcome.status === 'SUCCEEDED') this.checkpoints.delete(record.arn);
      else if (live.checkpoint) this.checkpoints.set(record.arn, live.checkpoint);
      this.#forgetTokens(live);
      if (outcome.status !== 'SUCCEEDED') core.tokens.deleteOf(record.arn);
    });
    emitStatusChange(core.cloud, record);
    return record;
  }

  #forgetTokens(live: Live): void {
    for (const token of live.spentTokens.splice(0)) this.#core().tokens.delete(token);
  }
}

function identityOf(record: ExecutionRecord) {
  return {
    arn: record.arn,
    name: record.name,
    roleArn: record.roleArn,
    startTime: record.startTime,
    ...(record.redriveTime === undefined ? {} : { redriveTime: record.redriveTime }),
    redriveCount: record.type === 'EXPRESS' ? undefined : record.redriveCount,
    machineArn: record.machineArn,
    machineName: record.machineName,
  };
}

function endedRecord(started: ExecutionRecord, outcome: Outcome, stopTime: number): ExecutionRecord {
  const { status } = outcome;
  if (status === 'SUCCEEDED') return { ...started, status, stopTime, output: outcome.output.text };
  return {
    ...started,
    status,
    stopTime,
    ...(outcome.error === undefined ? {} : { error: outcome.error }),
    ...(outcome.cause === undefined ? {} : { cause: outcome.cause }),
  };
}
