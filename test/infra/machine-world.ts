import type { Plan } from '../../lib/component/plan.ts';
import { machineDefinition } from '../../lib/infra/index.ts';
import type { Environment, MapRun, Outcome, TaskAnswer, TaskCall } from '../../local/states/environment.ts';
import { compileMachine } from '../../local/states/machine.ts';
import { Payload } from '../../local/states/payload.ts';
import { type ExecutionIdentity, runMachine } from '../../local/states/run-machine.ts';
import { StatesError } from '../../local/states/states-error.ts';
import { skippingClock } from '../conformance/skipping-clock.ts';

/** What a function answers: its output, or the error that it fails with, for each call in turn; the last one stays. */
export type Answers = readonly (object | StatesError | ((input: any) => object))[];

export interface World {
  /** By name of the function or `chunk`, e.g. `extract`. Default: what a run without trouble answers. */
  readonly answers?: Readonly<Record<string, Answers>>;
  /** Objects of the lake by key. */
  readonly objects?: Readonly<Record<string, unknown>>;
}

export interface RunOfMachine {
  readonly outcome: Outcome;
  /** Names of states in the order in which they were entered, children of Maps left out. */
  readonly states: readonly string[];
  /** What each function was called with, in order. */
  readonly calls: readonly { readonly name: string; readonly input: any }[];
  readonly written: readonly string[];
  /** Milliseconds, on the machine's own clock. */
  readonly took: number;
}

export const failedWith = (error: string, cause?: string) => new StatesError(error, cause, { fromTask: true });

const run = 'flights-f11af11a-0123456789abcdef';
const identity: ExecutionIdentity = {
  arn: `arn:aws:states:eu-central-1:123456789012:execution:penstock-flights:${run}`,
  name: run,
  roleArn: 'arn:aws:iam::123456789012:role/flights',
  startTime: Date.UTC(2026, 10, 21, 6),
  redriveCount: 0,
  machineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:penstock-flights',
  machineName: 'penstock-flights',
};

const withoutTrouble: Readonly<Record<string, Answers>> = {
  initialize: [{ run }],
  extract: [
    {
      solo: false,
      stages: {
        process: { chunks: 2, manifest: `staged/flights/${run}/manifest/process.json` },
        'reduce-1': { chunks: 1, manifest: `staged/flights/${run}/manifest/reduce-1.json` },
      },
      inputFiles: 1,
      inputBytes: 10,
    },
  ],
  chunk: [{ chunk: '000000', rowsIn: 1, rowsOut: 1, rejected: 0 }],
  assess: [{ gate: 'pass', score: 1, report: `reports/flights/${run}.json` }],
  review: [{ decision: 'approve', by: 'ada' }],
  release: [{ tables: {} }],
  publish: [{ tables: {} }],
  commit: [{ tables: { 'table.flights': { table: 'flights', metadata: 'm', rows: 1 } } }],
  compensate: [compensated('Failed')],
};

/** What compensation answers: the failure that it was told, in its own words. */
export function compensated(state: 'Failed' | 'Completed') {
  return ({ error, state: at, concludes }: any) => {
    if (concludes) throw failedWith(error.Error, error.Cause);
    return { state, failure: { error: error.Error, message: error.Cause || error.Error, state: at } };
  };
}

const manifests: Readonly<Record<string, unknown>> = {
  [`staged/flights/${run}/manifest/process.json`]: [
    { stage: 'process', chunk: '000000' },
    { stage: 'process', chunk: '000001' },
  ],
  [`staged/flights/${run}/manifest/reduce-1.json`]: [{ stage: 'reduce-1', chunk: '000000' }],
};

/** Lets the plan's machine run on the interpreter of local AWS, in a world that answers as told. */
export async function runPlan(plan: Plan, world: World = {}): Promise<RunOfMachine> {
  const input = { pipeline: 'flights', planDigest: plan.digest, trigger: { kind: 'manual', requestId: 'r1' } };
  return runDefinition(machineDefinition(plan), input, world);
}

/** The same for any machine. */
export async function runDefinition(definition: object, input: any, world: World = {}): Promise<RunOfMachine> {
  const clock = skippingClock(identity.startTime);
  const made = { states: [] as string[], calls: [] as any[], written: [] as string[] };
  const environment = environmentOf(world, clock, made);
  const machine = compileMachine(resolved(definition));
  const signal = new AbortController().signal;
  const outcome = await clock.run(runMachine(machine, new Payload(input), identity, environment, { signal }));
  return { ...made, outcome, took: clock.now() - identity.startTime };
}

function environmentOf(world: World, clock: Environment['clock'], made: any, child = false): Environment {
  const queues = new Map(
    Object.entries({ ...withoutTrouble, ...world.answers }).map(([name, list]) => [name, [...list]]),
  );
  const waiting = new Map<string, string>();
  const answer = (name: string, input: unknown): TaskAnswer => {
    made.calls.push({ name, input });
    const queue = queues.get(name)!;
    const next = queue.length > 1 ? queue.shift()! : queue[0]!;
    if (next instanceof StatesError) throw next;
    return { output: typeof next === 'function' ? next(input) : (next as any) };
  };
  const environment: Environment = {
    clock,
    region: 'eu-central-1',
    random: () => 0.5,
    record: (event) => {
      if (!child && event.type.endsWith('StateEntered')) made.states.push(event.details?.name);
    },
    checkParameters: () => [],
    async call(call) {
      const { action, pattern } = call.resource as Extract<TaskCall['resource'], { kind: 'service' }>;
      if (action === 'publish') return { output: answer('publish', call.parameters).output };
      if (action === 'stopExecution') {
        made.calls.push({ name: action, input: call.parameters });
        return { output: {} };
      }
      const name = action === 'sendMessage' ? 'chunk' : String((call.parameters as any).FunctionName);
      const payload =
        action === 'sendMessage' ? (call.parameters as any).MessageBody : (call.parameters as any).Payload;
      if (pattern === 'waitForTaskToken') {
        waiting.set(call.token!, name);
        made.calls.push({ name: `${name} asked`, input: payload });
        return { output: {} };
      }
      return { output: { Payload: answer(name, payload).output, StatusCode: 200 } };
    },
    awaitJob: () => Promise.reject(new Error('no job is waited for')),
    issueToken: () => `token-${made.calls.length}-${waiting.size}`,
    async awaitToken(token, signal) {
      const name = waiting.get(token)!;
      const queue = queues.get(name)!;
      if (queue[0] === never) {
        if (queue.length > 1) queue.shift();
        return new Promise((_, reject) => signal.addEventListener('abort', reject));
      }
      return answer(name, undefined);
    },
    dropToken: () => {},
    activityExists: () => false,
    scheduleActivity: () => {},
    objects: {
      read: async (_, { Key }: any) => Buffer.from(JSON.stringify({ ...manifests, ...world.objects }[Key])),
      list: () => {
        throw new Error('nothing is listed');
      },
      write: async ({ Key }) => void made.written.push(Key),
    },
    openMapRun: ({ machine, label }): MapRun => ({
      arn: `arn:aws:states:eu-central-1:123456789012:mapRun:penstock-flights/${label}:1`,
      itemsRead: () => {},
      // A child on AWS sees none of the variables outside, so here it gets none either.
      runChild: ({ input, signal }) =>
        runMachine(machine, input, identity, environmentOf(world, clock, made, true), { signal }),
      finish: () => {},
    }),
  };
  return environment;
}

/** An answer that does not come. */
export const never = {};

function resolved(definition: object): any {
  const text = JSON.stringify(definition)
    .replace(/\$\{(\w)(\w+)Function\}/g, (_, first: string, rest: string) => first.toLowerCase() + rest)
    .replace(/\$\{Partition\}/g, 'aws')
    .replace(/\$\{(\w+)\}/g, '$1');
  return JSON.parse(text);
}
