import { beforeEach, expect, test } from 'vitest';
import { compensate } from '../../lib/runtime/compensate.ts';
import type { RunInput } from '../../lib/runtime/messages.ts';
import { acknowledgeRun } from '../../lib/runtime/operate/acknowledge-run.ts';
import { cancelRun } from '../../lib/runtime/operate/cancel-run.ts';
import { pausePipeline, resumePipeline } from '../../lib/runtime/operate/pause-pipeline.ts';
import { redriveRun } from '../../lib/runtime/operate/redrive-run.ts';
import { retryRun } from '../../lib/runtime/operate/retry-run.ts';
import { startRun } from '../../lib/runtime/operate/start-run.ts';
import { startReplay } from '../../lib/runtime/replay/start-replay.ts';
import { decideReview } from '../../lib/runtime/review/decide-review.ts';
import { expireReview } from '../../lib/runtime/review/expire-review.ts';
import { review } from '../../lib/runtime/review/review.ts';
import { trigger } from '../../lib/runtime/trigger.ts';
import { ordersPipeline } from '../fixtures/orders-plan.ts';
import { FaultLine } from '../fixtures/ports/faults.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runToGate, stageInput } from '../fixtures/run-machine.ts';

let ports: MemoryPorts;
beforeEach(begin);

function begin(): void {
  ports = memoryPorts();
  ports.objects.drop('landing/orders/a.csv', 'a,1\n');
  ports.objects.drop('reference/cities.csv', 'a');
}

const input = stageInput(ordersPipeline, manual());
const { run, pipeline } = input;
const stateMachineArn = 'arn';
const by = 'ada';
const machine = { stateMachineArn, planDigest: input.planDigest };

async function begun() {
  await runToGate(ports, ordersPipeline, input);
}
async function failed() {
  await begun();
  const error = { Error: 'ServiceUnavailableError', Cause: JSON.stringify({ kind: 'transient' }) };
  await compensate(ports, ordersPipeline, { ...input, state: 'Publish', error });
}
async function waiting() {
  await begun();
  await review(ports, ordersPipeline, { ...input, taskToken: 'token' });
}
async function paused() {
  await pausePipeline(ports, { pipeline, by: 'ben' });
  const message = { pipeline, planDigest: input.planDigest, stateMachineArn, trigger: manual('1') };
  await trigger(ports, JSON.stringify(message));
}
const stateOf = async () => {
  const { state, phase } = (await ports.runs.find(run))!;
  return `${state} ${phase}`;
};

type Own = MemoryPorts;

interface Cut {
  readonly prepare: () => Promise<void>;
  readonly act: (own: Own) => Promise<unknown>;
  /** Which call is the last one, counted from 0. */
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** Acts anew until it is cut off. True where it made no such call, and came to its end. */
async function isWhole({ prepare, act, at, when }: Cut): Promise<boolean> {
  begin();
  await prepare();
  const line = new FaultLine({ at, when });
  const names = ['runs', 'pipelines', 'audit', 'executions', 'tasks', 'objects'] as const;
  const own = { ...ports, ...Object.fromEntries(names.map((name) => [name, line.through(name, ports[name])])) };
  return act(own as Own).then(
    () => true,
    () => false,
  );
}

const acts: readonly [string, () => Promise<void>, (own: Own) => Promise<unknown>, () => Promise<boolean>][] = [
  [
    'pause',
    async () => {},
    (own) => pausePipeline(own, { pipeline, by }),
    async () => (await ports.pipelines.find(pipeline))?.state === 'Paused',
  ],
  [
    'resume',
    paused,
    (own) => resumePipeline(own, { pipeline, by, machine }),
    async () => (await ports.pipelines.find(pipeline))?.state === 'Scheduled',
  ],
  [
    'acknowledge',
    failed,
    (own) => acknowledgeRun(own, { run, by }),
    async () => (await ports.runs.acknowledged(run)) !== undefined,
  ],
  [
    'cancel',
    begun,
    (own) => cancelRun(own, { run, stateMachineArn, by }),
    async () => (await stateOf()) === 'Running Compensating',
  ],
  [
    'redrive',
    failed,
    (own) => redriveRun(own, { run, stateMachineArn, by }),
    async () => (await stateOf()) === 'Running Retrying',
  ],
  [
    'approve',
    waiting,
    (own) => decideReview(own, { run, decision: 'approve', by }),
    async () => (await stateOf()) === 'AwaitingReview Decided',
  ],
  [
    'reject',
    waiting,
    (own) => expireReview(own, ordersPipeline, { ...input, expired: true }),
    async () => (await stateOf()) === 'AwaitingReview Decided',
  ],
];

test.each(acts)(
  'whoever is cut off before or behind any call of %s, the audit says what was changed',
  async (action, prepare, act, isDone) => {
    let cuts = 0;
    for (let at = 0, over = false; !over; at++) {
      for (const when of ['before', 'after'] as const) {
        over = await isWhole({ prepare, act, at, when });
        if (!over) cuts++;
        const entries = ports.audit.entries.filter((entry) => entry.action === action && entry.by !== 'ben');
        expect({ at, when, entries: entries.length > 0 }).toEqual({ at, when, entries: await isDone() });
      }
    }
    expect(cuts).toBeGreaterThan(1);
  },
);

test('resuming notes how many waited, not which: thousands of names have no room in an entry', async () => {
  await pausePipeline(ports, { pipeline, by });
  for (let n = 0; n < 3; n++)
    await ports.pipelines.park({
      pipeline,
      run: `orders-${n}`,
      at: n,
      body: JSON.stringify({ pipeline, planDigest: input.planDigest, stateMachineArn, trigger: manual(`${n}`) }),
    });
  expect(await resumePipeline(ports, { pipeline, by, machine })).toHaveLength(3);
  expect(ports.audit.entries.at(-1)).toMatchObject({ action: 'resume', detail: { waiting: 3 } });
});

const starts: readonly [string, () => Promise<void>, (own: Own) => Promise<unknown>][] = [
  [
    'start',
    async () => {},
    (own) => startRun(own, { plan: ordersPipeline.plan, stateMachineArn, requestId: '7', parameters: {}, by }),
  ],
  ['retry', failed, (own) => retryRun(own, { run, ...machine, by })],
  [
    'replay',
    begun,
    (own) =>
      startReplay(own, { ...machine, pipeline, of: run, tables: ['orders'], number: 1, rejects: 2, inputs: [], by }),
  ],
];

test.each(starts)(
  'whoever is cut off at any call of %s, and asks again, stands in the audit once',
  async (action, prepare, act) => {
    let cuts = 0;
    for (let at = 0, over = false; !over; at++) {
      for (const when of ['before', 'after'] as const) {
        over = await isWhole({ prepare, act, at, when });
        if (!over) cuts++;
        const noted = () => ports.audit.entries.filter((entry) => entry.action === action);
        for (const [name, { input }] of ports.executions.started) {
          expect(noted()).toHaveLength(1);
          await ports.runs.create({
            ...(input as RunInput),
            run: name,
            state: 'Triggered',
            startedAt: '',
            transitions: [{ state: 'Triggered', at: 0 }],
          });
        }
        await act(ports);
        expect(noted()).toHaveLength(1);
        expect(ports.executions.started.size).toBe(1);
      }
    }
    expect(cuts).toBeGreaterThan(2);
  },
);
