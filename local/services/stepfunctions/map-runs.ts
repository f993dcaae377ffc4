import { randomUUID } from 'node:crypto';
import type { MapRun, MapRunChild, MapRunLimits, MapRunRequest, Outcome } from '../../states/environment.ts';
import { Payload } from '../../states/payload.ts';
import { Suspension } from '../../states/run-machine.ts';
import { AbortedError } from '../../states/states-error.ts';
import type { Collection } from '../../store.ts';
import { executionArn, machineArn, mapRunArn } from './arns.ts';
import type { StepFunctionsCore } from './core.ts';
import { describeChild } from './describe-child.ts';
import type { ExecutionRecord, MapRunRecord } from './records.ts';

/** What all children of a Map Run have in common. */
interface ChildOrigin {
  readonly parent: ExecutionRecord;
  readonly mapRunArn: string;
  readonly digest: string;
  readonly request: MapRunRequest;
  readonly redriven: boolean;
}

/** Map Runs: the child executions of distributed Maps. */
export class MapRuns {
  readonly #core: () => StepFunctionsCore;
  #records: Collection<MapRunRecord> | undefined;
  /** Who wants to know of changed limits, by Map Run. */
  readonly #watchers = new Map<string, () => void>();
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
    return {
      arn: record.arn,
      ...(redriven ? { redriven: known.redriveCount + 1 } : {}),
      followLimits: (changed) => {
        const tell = () => changed(this.records.get(record.arn)!);
        this.#watchers.set(record.arn, tell);
        tell();
      },
      itemsRead: (total) => this.update(record.arn, { itemTotal: total }),
      runChild: (child) =>
        this.#runChild({ parent, mapRunArn: record.arn, digest, request, redriven }, child, earlier.get(child.index)),
      finish: (status) => {
        this.#watchers.delete(record.arn);
        this.update(record.arn, { status, stopTime: this.#core().cloud.clock.now() });
      },
    };
  }

  /** The Map Run that the state had before a restart, or the failed one that a redrive of its execution takes up again. */
  #find(parent: ExecutionRecord, request: MapRunRequest): MapRunRecord | undefined {
    for (const record of this.records.values()) {
      const same = record.executionArn === parent.arn && record.stateName === request.stateName;
      const open = record.status === 'RUNNING' || record.redriveCount < parent.redriveCount;
      if (same && open && record.status !== 'SUCCEEDED' && record.enteredEventId === request.enteredEventId)
        return record;
    }
    return undefined;
  }

  #redrive({ arn, redriveCount, stopTime: _stopTime, ...rest }: MapRunRecord): void {
    const redriveTime = this.#core().cloud.clock.now();
    this.records.set(arn, { ...rest, arn, status: 'RUNNING', redriveCount: redriveCount + 1, redriveTime });
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
    { parent, mapRunArn: arn, digest, request, redriven }: ChildOrigin,
    child: MapRunChild,
    earlier: ExecutionRecord | undefined,
  ): Promise<Outcome> {
    const { executions, cloud } = this.#core();
    let record = earlier;
    let ended: Promise<ExecutionRecord>;
    if (record?.status === 'SUCCEEDED') return outcomeOf(record);
    if (record?.status === 'RUNNING') {
      ended = executions.resume(record);
    } else if (record && !redriven) {
      return outcomeOf(record);
    } else if (record) {
      ended = executions.ended(executions.redrive(record).arn);
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
