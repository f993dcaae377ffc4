import type { Environment, MapRunRequest, Outcome, TaskAnswer, TaskCall } from '../../../local/states/environment.ts';
import type { HistoryEvent } from '../../../local/states/history.ts';
import type { Json, JsonObject } from '../../../local/states/json.ts';
import { compileMachine } from '../../../local/states/machine.ts';
import { Payload } from '../../../local/states/payload.ts';
import { type ExecutionIdentity, type RunOptions, runMachine } from '../../../local/states/run-machine.ts';
import { AbortedError, StatesError } from '../../../local/states/states-error.ts';
import { skippingClock } from '../../conformance/skipping-clock.ts';

export interface World {
  /** Answers of tasks by the name of the state, one per call; the last one stays. `never` does not come. */
  readonly tasks?: Readonly<Record<string, readonly (Json | StatesError | typeof never)[]>>;
  /** Objects in S3 by `bucket/key`. */
  readonly objects?: Map<string, Buffer | string>;
  readonly random?: number;
  readonly options?: Partial<RunOptions>;
}

export const never = Symbol('never');

export interface Ran {
  readonly outcome: Outcome;
  /** The output's value; the failure's error and cause where there is none. */
  readonly output: Json;
  readonly events: readonly HistoryEvent[];
  readonly types: readonly string[];
  /** What tasks were called with, in order. */
  readonly calls: readonly TaskCall[];
  /** Seconds on the execution's own clock. */
  readonly seconds: number;
  readonly mapRuns: readonly MapRunRequest[];
}

const start = Date.UTC(2026, 0, 1);
const identity: ExecutionIdentity = {
  arn: 'arn:aws:states:eu-central-1:123456789012:execution:machine:one',
  name: 'one',
  roleArn: 'arn:aws:iam::123456789012:role/machine',
  startTime: start,
  redriveCount: 0,
  machineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:machine',
  machineName: 'machine',
};

/** A failure as a task meets it. */
export const failedWith = (error: string, cause?: string) => new StatesError(error, cause, { fromTask: true });

/** Runs a definition in a world of a test's own. */
export async function run(definition: JsonObject, input: Json = {}, world: World = {}): Promise<Ran> {
  const clock = skippingClock(start);
  const made = { events: [] as HistoryEvent[], calls: [] as TaskCall[], mapRuns: [] as MapRunRequest[] };
  const environment = environmentOf(world, clock, made);
  const options = { signal: new AbortController().signal, ...world.options };
  const machine = compileMachine(definition);
  const outcome = await clock.run(runMachine(machine, new Payload(input), identity, environment, options));
  return {
    ...made,
    outcome,
    output: outcome.status === 'SUCCEEDED' ? outcome.output.value : { error: outcome.error, cause: outcome.cause },
    types: made.events.map(({ type }) => type),
    seconds: (clock.now() - start) / 1000,
  };
}

type Made = { events: HistoryEvent[]; calls: TaskCall[]; mapRuns: MapRunRequest[] };

function environmentOf(
  world: World,
  clock: Environment['clock'],
  made: Made,
  queues = new Map(Object.entries(world.tasks ?? {}).map(([name, answers]) => [name, [...answers]])),
): Environment {
  const answer = async (name: string, signal: AbortSignal): Promise<TaskAnswer> => {
    const queue = queues.get(name) ?? [{}];
    const next = queue.length > 1 ? queue.shift() : queue[0];
    if (next === never) {
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new AbortedError())));
    }
    if (next instanceof StatesError) throw next;
    return { output: next as Json };
  };
  const waiting = new Map<string, string>();
  const objects = world.objects ?? new Map();
  return {
    clock,
    region: 'eu-central-1',
    random: () => world.random ?? 0.5,
    record: (event) => void made.events.push(event),
    checkParameters: () => [],
    async call(call) {
      made.calls.push(call);
      if (call.token === undefined) return answer(call.stateName, call.signal);
      waiting.set(call.token, call.stateName);
      return { output: {} };
    },
    awaitJob: (call) => answer(call.stateName, call.signal),
    issueToken: () => `token-${waiting.size}`,
    awaitToken: (token, signal) => answer(waiting.get(token)!, signal),
    dropToken: (token) => void waiting.delete(token),
    activityExists: () => false,
    scheduleActivity: () => {},
    objects: {
      async read(_resource, { Bucket, Key }) {
        const body = objects.get(`${Bucket}/${Key}`);
        if (body === undefined) throw new StatesError('States.ItemReaderFailed', `no object ${Key}`);
        return Buffer.from(body);
      },
      async *list({ Bucket, Prefix = '' }) {
        for (const path of objects.keys()) {
          const [bucket, key] = [path.slice(0, path.indexOf('/')), path.slice(path.indexOf('/') + 1)];
          if (bucket === Bucket && key.startsWith(Prefix)) yield { Key: key };
        }
      },
      async write({ Bucket, Key, Body }) {
        objects.set(`${Bucket}/${Key}`, Body);
      },
    },
    openMapRun(request) {
      made.mapRuns.push(request);
      const quiet: Made = { events: [], calls: made.calls, mapRuns: made.mapRuns };
      return {
        arn: 'arn:aws:states:eu-central-1:123456789012:mapRun:machine/Map:run',
        itemsRead: () => {},
        runChild: async ({ input, signal }) => {
          const child = environmentOf(world, clock, quiet, queues);
          const outcome = await runMachine(request.machine, input, identity, child, { signal });
          return { ...outcome, details: { Input: input.text, Status: outcome.status } };
        },
        finish: () => {},
      };
    },
  };
}
