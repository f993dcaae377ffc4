import { expect, test } from 'vitest';
import { pausePipeline, resumePipeline } from '../../lib/runtime/operate/pause-pipeline.ts';
import { trigger } from '../../lib/runtime/trigger.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';

const machine = { stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:x', planDigest: 'a'.repeat(64) };
const request = { pipeline: 'orders', by: 'ada' };

type CatchUp = 'all' | 'none' | undefined;

/** A message of a schedule at six each day. */
function due(day: number, catchUp?: CatchUp): string {
  const schedule = { expression: 'cron(0 6 * * ? *)', ...(catchUp && { catchUp }) };
  return JSON.stringify({ pipeline: 'orders', ...machine, schedule, trigger: { kind: 'schedule', time: time(day) } });
}

const time = (day: number) => `2026-01-${String(day).padStart(2, '0')}T06:00:00Z`;

/** Lets the clock show a while after six of a day. */
async function until({ clock }: MemoryPorts, day: number): Promise<void> {
  await clock.sleep(Date.parse(time(day)) + 60_000 - clock.now());
}

const started = ({ executions }: MemoryPorts) =>
  [...executions.started.values()].map(({ input }) => new Date(input.trigger.time).getUTCDate()).sort((a, b) => a - b);
const missed = ({ audit }: MemoryPorts) =>
  audit.entries.filter(({ action }) => action === 'pass-over').map(({ detail }) => detail!.times);

/** Due on the second, and again on the seventh: what lies between was never told. */
async function afterGap(catchUp?: CatchUp): Promise<MemoryPorts> {
  const ports = memoryPorts();
  for (const day of [2, 7, 7]) {
    await until(ports, day);
    await trigger(ports, due(day, catchUp));
  }
  return ports;
}

/** Paused from the third to the fifth, resumed on the sixth before it is due. */
async function afterPause(catchUp?: CatchUp): Promise<MemoryPorts> {
  const ports = memoryPorts();
  for (const day of [2, 3, 4, 5]) {
    await until(ports, day);
    if (day === 3) await pausePipeline(ports, request);
    await trigger(ports, due(day, catchUp));
  }
  await resumePipeline(ports, { ...request, machine });
  return ports;
}

/** Five messages that nobody took until the sixth. */
async function afterBacklog(catchUp?: CatchUp): Promise<MemoryPorts> {
  const ports = memoryPorts();
  await until(ports, 6);
  for (const day of [2, 3, 4, 5, 6]) await trigger(ports, due(day, catchUp));
  return ports;
}

test.each([
  ['all', afterGap, [2, 3, 4, 5, 6, 7], []],
  [undefined, afterGap, [2, 7], [4]],
  ['none', afterGap, [2, 7], [4]],
  ['all', afterPause, [2, 3, 4, 5], []],
  [undefined, afterPause, [2, 5], [2]],
  ['none', afterPause, [2], [1, 1, 1]],
  ['all', afterBacklog, [2, 3, 4, 5, 6], []],
  [undefined, afterBacklog, [6], [1, 1, 1, 1]],
  ['none', afterBacklog, [6], [1, 1, 1, 1]],
] as const)('catching up %s, %o runs days %j and notes that %j were missed', async (catchUp, happened, days, notes) => {
  const ports = await happened(catchUp);
  expect(started(ports)).toEqual(days);
  expect(missed(ports)).toEqual(notes);
});

test('a backlog behind a time that was run is one run', async () => {
  const ports = memoryPorts();
  await until(ports, 2);
  await trigger(ports, due(2));
  await until(ports, 6);
  for (const day of [3, 4, 5, 6]) await trigger(ports, due(day));
  expect([started(ports), missed(ports)]).toEqual([
    [2, 6],
    [1, 1, 1],
  ]);
});

test.each([undefined, 'none'] as const)(
  'times that come one by one are run where the clock is ahead of all of them, catching up %s',
  async (catchUp) => {
    const ports = memoryPorts();
    await until(ports, 8);
    for (const day of [2, 3, 4, 5, 6]) {
      await trigger(ports, due(day, catchUp));
      await ports.clock.sleep(86_400_000);
    }
    // The first of them may be one of many that were held up.
    expect([started(ports), missed(ports)]).toEqual([[3, 4, 5, 6], [1]]);
  },
);

test('a time that is told twice is one run, and one that comes after a later one is not run again', async () => {
  const ports = memoryPorts();
  await until(ports, 3);
  for (const day of [3, 3, 2]) await trigger(ports, due(day));
  expect([started(ports), missed(ports)]).toEqual([[3], []]);
});

test('a start that fails is made up for when the message comes again', async () => {
  const ports = memoryPorts();
  await until(ports, 3);
  const { start } = ports.executions;
  ports.executions.start = () => Promise.reject(new Error('away'));
  await expect(trigger(ports, due(3))).rejects.toThrow('away');
  ports.executions.start = start;
  await trigger(ports, due(3));
  expect(started(ports)).toEqual([3]);
});

test('a long gap is made up for a hundred runs at a time', async () => {
  const ports = memoryPorts();
  const minutely = (minute: number) =>
    JSON.stringify({
      pipeline: 'orders',
      ...machine,
      schedule: { expression: 'rate(1 minute)', catchUp: 'all' },
      trigger: { kind: 'schedule', time: new Date(minute * 60_000).toISOString() },
    });
  await trigger(ports, minutely(0));
  await trigger(ports, minutely(250));
  let rounds = 0;
  for (let next = ports.triggerQueue.later.shift(); next; next = ports.triggerQueue.later.shift()) {
    await trigger(ports, next.body);
    rounds++;
  }
  expect(rounds).toBe(2);
  expect(ports.executions.started.size).toBe(251);
});
