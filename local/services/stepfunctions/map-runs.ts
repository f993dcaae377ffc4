import { randomUUID } from 'node:crypto';
import type { MapRun, MapRunChild, MapRunLimits, MapRunRequest, Outcome } from '../../states/environment.ts';
import { Payload } from '../../states/payload.ts';
import { Suspension } from '../../states/run-machine.ts';
import { AbortedError, StatesError } from '../../states/states-error.ts';
import type { Collection } from '../../store.ts';
import { executionArn, machineArn, mapRunArn } from './arns.ts';
import type { StepFunctionsCore } from './core.ts';
import { describeChild } from './describe-child.ts';
import type { ExecutionRecord, MapRunRecord } from './records.ts';
import { redriveStatus } from './redrive-status.ts';

/** What all children of a Map Run have in common. */
interface ChildOrigin {
  readonly parent: ExecutionRecord;
  readonly mapRunArn: string;
  readonly digest: string;
  readonly request: MapRunRequest;
}

const mostRedrives = 1_000;

/** After these a redrive starts a new Map Run: what went wrong lies in the definition, or in the size of the results. */
const neverRedriven = new Set(['States.DataLimitExceeded', 'States.Runtime']);

/** Map Runs: the child executions of distributed Maps. */
export class MapRuns {
  readonly #core: () => StepFunctionsCore;
  #records: Collection<MapRunRecord> | undefined;
  /** Who wants to know of changed limits, by Map Run. */
  readonly #watchers = new Map<string, () => void>();
  /** Map Runs that go on, by execution: those of a stopped execution end a little later than it. */
  readonly #open = new Map<string, Set<Promise<void>>>();
  /** Found once, then kept: the children of each Map Run. */
  #childArns: Map<string, string[]> | undefined;

  constructor(core: () => StepFunctionsCore) {
    this.#core = core;
  }

  get records(): Collection<MapRunRecord> {
    this.#records ??= this.#core().cloud.store.collection('states.map-runs');
    return this.#records;
  }

  /** The children of a Map Run by the place of their item. */
  children(arn: string): ExecutionRecord[] {
    const { records } = this.#core().executions;
    if (!this.#childArns) {
      this.#childArns = new Map();
      for (const record of records.values())
        if (record.mapRunArn !== undefined) this.#addChild(record.mapRunArn, record.arn);
    }
    return (this.#childArns.get(arn) ?? []).map((child) => records.get(child)!);
  }

  #addChild(mapRun: string, child: string): void {
    const own = this.#childArns?.get(mapRun);
    if (own) own.push(child);
    else this.#childArns?.set(mapRun, [child]);
  }

  open(parent: ExecutionRecord, request: MapRunRequest): MapRun {
    const known = this.#find(parent, request);
    const redriven = known !== undefined && known.status !== 'RUNNING';
    if (redriven) this.#redrive(known);
    const record = known ?? this.#create(parent, request);
    const digest = this.#core().definitions.keep(JSON.stringify(request.definition));
    const earlier = new Map<number, ExecutionRecord>();
    if (known) for (const child of this.children(known.arn)) earlier.set(child.mapIndex!, child);
    const finished = this.#opened(parent.arn);
    return {
      arn: record.arn,
      ...(redriven ? { redriven: known.redriveCount + 1 } : { resumed: known !== undefined }),
      followLimits: (changed) => {
        const tell = () => changed(this.records.get(record.arn)!);
        this.#watchers.set(record.arn, tell);
        tell();
      },
      itemsRead: (total) => this.update(record.arn, { itemTotal: total }),
      runChild: (child) =>
        this.#runChild({ parent, mapRunArn: record.arn, digest, request }, child, earlier.get(child.index)),
      finish: (status, error) => {
        this.#watchers.delete(record.arn);
        const stopTime = this.#core().cloud.clock.now();
        this.update(record.arn, { status, stopTime, ...(error === undefined ? {} : { error }) });
        finished();
      },
    };
  }

  #opened(executionArn: string): () => void {
    let finish = () => {};
    const open = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const own = this.#open.get(executionArn) ?? new Set();
    this.#open.set(executionArn, own.add(open));
    return () => {
      own.delete(open);
      if (own.size === 0) this.#open.delete(executionArn);
      finish();
    };
  }

  /** Resolves when every Map Run of an execution has ended. */
  async finished(executionArn: string): Promise<void> {
    await Promise.all(this.#open.get(executionArn) ?? []);
  }

  /** The Map Run that the state had before a restart, or the one that a redrive of its execution takes up again. */
  #find(parent: ExecutionRecord, request: MapRunRequest): MapRunRecord | undefined {
    const own = [...this.records.values()].filter(
      ({ executionArn, stateName, enteredEventId }) =>
        executionArn === parent.arn && stateName === request.stateName && enteredEventId === request.enteredEventId,
    );
    // A state that was tried again has had several.
    const last = own.at(-1);
    if (last?.status === 'RUNNING') return last;
    const redriven = last && last.status !== 'SUCCEEDED' && last.redriveCount < parent.redriveCount;
    return redriven && !neverRedriven.has(last.error ?? '') ? last : undefined;
  }

  #redrive({ arn, redriveCount, stopTime: _stopTime, error: _error, ...rest }: MapRunRecord): void {
    if (redriveCount >= mostRedrives) {
      const cause = `The Map Run was redriven ${mostRedrives} times, which is the most that it can be.`;
      throw new StatesError('States.Runtime', cause, { terminal: true });
    }
    const { cloud, executions } = this.#core();
    const redriveTime = cloud.clock.now();
    cloud.store.transaction(() => {
      this.records.set(arn, { ...rest, arn, status: 'RUNNING', redriveCount: redriveCount + 1, redriveTime });
      for (const child of this.children(arn)) {
        const { redriveStatus: status } = redriveStatus(this.#core(), child);
        if (status !== 'NOT_REDRIVABLE') executions.records.set(child.arn, { ...child, status: 'PENDING_REDRIVE' });
      }
    });
  }

  #create(parent: ExecutionRecord, request: MapRunRequest): MapRunRecord {
    const { cloud } = this.#core();
    const label = request.label ?? randomUUID();
    const machineName = `${parent.machineName}/${label}`;
    const record: MapRunRecord = {
      arn: mapRunArn(cloud, parent.machineName, label, randomUUID()),
      executionArn: parent.arn,
      ...(request.label === undefined ? {} : { label: request.label }),
      stateName: request.stateName,
      enteredEventId: request.enteredEventId,
      machineArn: machineArn(cloud, machineName),
      machineName,
      status: 'RUNNING',
      startTime: cloud.clock.now(),
      ...request.limits,
      itemTotal: 0,
      redriveCount: 0,
    };
    this.records.set(record.arn, record);
    return record;
  }

  /** Changes how a Map Run goes on. */
  changeLimits(arn: string, limits: Partial<MapRunLimits>): void {
    this.update(arn, limits);
    this.#watchers.get(arn)?.();
  }

  update(arn: string, change: Partial<MapRunRecord>): void {
    this.records.set(arn, { ...this.records.get(arn)!, ...change });
  }

  async #runChild(
    { parent, mapRunArn: arn, digest, request }: ChildOrigin,
    child: MapRunChild,
    earlier: ExecutionRecord | undefined,
  ): Promise<Outcome> {
    const { executions, cloud } = this.#core();
    let record = earlier;
    let ended: Promise<ExecutionRecord>;
    if (record?.status === 'SUCCEEDED') return outcomeOf(record);
    if (record?.status === 'RUNNING') {
      ended = executions.resume(record);
    } else if (record?.status === 'PENDING_REDRIVE') {
      executions.redrive(record);
      ended = executions.ended(record.arn);
    } else if (record) {
      return outcomeOf(record);
    } else {
      const run = this.records.get(arn)!;
      const name = randomUUID();
      record = {
        arn: executionArn(cloud, run.machineName, name),
        name,
        machineArn: run.machineArn,
        machineName: run.machineName,
        type: request.executionType,
        roleArn: parent.roleArn,
        machine: parent.machine,
        definitionDigest: digest,
        input: child.input.text,
        startTime: cloud.clock.now(),
        status: 'RUNNING',
        redriveCount: 0,
        mapRunArn: arn,
        mapIndex: child.index,
        itemCount: child.itemCount,
      };
      this.#addChild(arn, record.arn);
      ended = executions.start(record);
    }
    const started = record;
    const stop = () => {
      // A suspended child is left where it stands, like its parent.
      if (!(child.signal.reason instanceof Suspension)) void executions.stop(started.arn);
    };
    child.signal.addEventListener('abort', stop, { once: true });
    try {
      return outcomeOf(await ended);
    } catch {
      throw new AbortedError();
    } finally {
      child.signal.removeEventListener('abort', stop);
    }
  }
}

function outcomeOf(record: ExecutionRecord): Outcome {
  const details = describeChild(record);
  if (record.status === 'SUCCEEDED')
    return { status: 'SUCCEEDED', output: Payload.parse(record.output!), arn: record.arn, details };
  return {
    status: record.status as 'FAILED' | 'TIMED_OUT' | 'ABORTED',
    arn: record.arn,
    details,
    ...(record.error === undefined ? {} : { error: record.error }),
    ...(record.cause === undefined ? {} : { cause: record.cause }),
  };
}
