import type { Checkpoint, Outcome } from '../../states/environment.ts';
import { Payload } from '../../states/payload.ts';
import { runMachine, StopRequest, SuspendedError, Suspension } from '../../states/run-machine.ts';
import type { Collection } from '../../store.ts';
import { CloudEnvironment } from './cloud-environment.ts';
import type { StepFunctionsCore } from './core.ts';
import type { ExecutionRecord } from './records.ts';
import { emitStatusChange } from './status-change.ts';

interface Live {
  readonly abort: AbortController;
  readonly ended: Promise<ExecutionRecord>;
  /** Where the execution would be resumed. */
  checkpoint?: Checkpoint;
  /** Tokens of states that were left since the last checkpoint. */
  spentTokens: string[];
}

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

  /** Goes on with an execution from where its last checkpoint left it, or from its beginning where it has none. */
  resume(record: ExecutionRecord): Promise<ExecutionRecord> {
    const checkpoint = this.checkpoints.get(record.arn);
    // Tokens of tasks that will be run again are worth nothing any more.
    this.#core().tokens.deleteOf(record.arn, checkpoint?.waiting?.token);
    return this.#run(record, checkpoint);
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

  checkpoint(arn: string, checkpoint: Checkpoint): void {
    const live = this.#live.get(arn);
    if (!live || live.abort.signal.aborted) return;
    live.checkpoint = checkpoint;
    const { cloud, histories, tokens } = this.#core();
    if (!cloud.store.persistent) {
      this.#forgetTokens(live);
      return;
    }
    cloud.store.transaction(() => {
      histories.flush(arn);
      this.checkpoints.set(arn, checkpoint);
      for (const token of live.spentTokens.splice(0)) tokens.delete(token);
    });
  }

  /** The token's state was left; it goes with the next checkpoint, so that a crash before loses nothing. */
  spend(arn: string, token: string): void {
    const live = this.#live.get(arn);
    if (live) live.spentTokens.push(token);
    else this.#core().tokens.delete(token);
  }

  #run(record: ExecutionRecord, from?: Checkpoint): Promise<ExecutionRecord> {
    const abort = new AbortController();
    const ended = this.#runToEnd(record, abort, from);
    // A suspended execution is resumed by the next process; nobody here need hear of it.
    ended.catch(() => {});
    this.#live.set(record.arn, { abort, ended, spentTokens: [] });
    return ended;
  }

  async #runToEnd(record: ExecutionRecord, abort: AbortController, from?: Checkpoint): Promise<ExecutionRecord> {
    // The caller that started it sees it running first.
    await Promise.resolve();
    const core = this.#core();
    const environment = new CloudEnvironment(core, record);
    const identity = {
      arn: record.arn,
      name: record.name,
      roleArn: record.roleArn,
      startTime: record.startTime,
      redriveCount: record.type === 'EXPRESS' ? undefined : record.redriveCount,
      machineArn: record.machineArn,
      machineName: record.machineName,
    };
    if (!from) core.histories.delete(record.arn);
    try {
      const machine = core.definitions.machine(record.definitionDigest);
      const outcome = await runMachine(machine, Payload.parse(record.input), identity, environment, {
        signal: abort.signal,
        ...(from ? { from } : {}),
        ...(record.variables ? { variables: record.variables } : {}),
      });
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
    const record: ExecutionRecord = {
      ...started,
      status: outcome.status,
      stopTime: core.cloud.clock.now(),
      ...(outcome.status === 'SUCCEEDED'
        ? { output: outcome.output.text }
        : {
            ...(outcome.error === undefined ? {} : { error: outcome.error }),
            ...(outcome.cause === undefined ? {} : { cause: outcome.cause }),
          }),
    };
    core.cloud.store.transaction(() => {
      core.histories.flush(record.arn);
      this.records.set(record.arn, record);
      if (outcome.status === 'SUCCEEDED') this.checkpoints.delete(record.arn);
      else if (live.checkpoint) this.checkpoints.set(record.arn, live.checkpoint);
      for (const token of live.spentTokens.splice(0)) core.tokens.delete(token);
      if (outcome.status !== 'SUCCEEDED') core.tokens.deleteOf(record.arn);
    });
    emitStatusChange(core.cloud, record);
    return record;
  }

  #forgetTokens(live: Live): void {
    for (const token of live.spentTokens.splice(0)) this.#core().tokens.delete(token);
  }
}
