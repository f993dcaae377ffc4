import { expect, test } from 'vitest';
import { pausePipeline, resumePipeline } from '../../../lib/runtime/operate/pause-pipeline.ts';
import { trigger } from '../../../lib/runtime/trigger.ts';
import {
  fileMessage as arrival,
  ordersDigest as planDigest,
  ordersPrefix as prefix,
  ordersMachine as stateMachineArn,
} from '../../fixtures/file-message.ts';
import { type MemoryPorts, memoryPorts } from '../../fixtures/ports/memory-ports.ts';

const started = ({ executions }: MemoryPorts) => [...executions.started.values()].map(({ input }) => input.trigger);
const window = { rule: { window: { seconds: 300, atMost: 3 } } };
const batch = (number: number) => ({ kind: 'batch', place: prefix, number });
const members = async ({ arrivals }: MemoryPorts, number: number, place = prefix) =>
  (await arrivals.members({ pipeline: 'orders', place, number })).map(({ key }) => key.slice(prefix.length));

/** Hands on what was put off, as the queue does once the time has passed. */
async function wait(ports: MemoryPorts): Promise<void> {
  for (const { body, seconds } of ports.triggerQueue.later.splice(0)) {
    await ports.clock.sleep(seconds * 1000);
    await trigger(ports, body);
  }
}

test('files of a window are one run, which begins when it is over', async () => {
  const ports = memoryPorts();
  await trigger(ports, arrival('a', window));
  await trigger(ports, arrival('b', window));
  expect([started(ports), ports.triggerQueue.later.length]).toEqual([[], 1]);
  expect(await ports.arrivals.open('orders')).toMatchObject([{ place: prefix, files: 2 }]);
  await wait(ports);
  await wait(ports);
  expect(started(ports)).toEqual([batch(1)]);
  expect(await members(ports, 1)).toEqual(['a', 'b']);
  await trigger(ports, arrival('c', window));
  await wait(ports);
  await wait(ports);
  expect(started(ports)).toEqual([batch(1), batch(2)]);
  expect(await members(ports, 2)).toEqual(['c']);
});

test('a window that is full is run at once, and what comes then opens the next one', async () => {
  const ports = memoryPorts();
  for (const name of ['a', 'b', 'c', 'd']) await trigger(ports, arrival(name, window));
  expect(started(ports)).toEqual([batch(1)]);
  await wait(ports);
  await wait(ports);
  expect(started(ports)).toEqual([batch(1), batch(2)]);
  expect([await members(ports, 1), await members(ports, 2)]).toEqual([['a', 'b', 'c'], ['d']]);
});

test('a window of an hour is waited for in pieces that a queue can hold', async () => {
  const ports = memoryPorts();
  await trigger(ports, arrival('a', { rule: { window: { seconds: 3600 } } }));
  for (let pieces = 1; pieces <= 4; pieces++) {
    expect(ports.triggerQueue.later.map(({ seconds }) => seconds <= 900)).toEqual([true]);
    await wait(ports);
  }
  await wait(ports);
  expect(started(ports)).toEqual([batch(1)]);
});

test.each(['sendLater', 'start', 'close'] as const)(
  'a call of %s that fails is made up for when the message comes again',
  async (broken) => {
    const ports = memoryPorts();
    const few = { rule: { window: { seconds: 300, atMost: 2 } } };
    const holder: any = { sendLater: ports.triggerQueue, start: ports.executions, close: ports.arrivals }[broken];
    const right = holder[broken];
    const names = broken === 'sendLater' ? ['a'] : ['a', 'b'];
    for (const name of names.slice(0, -1)) await trigger(ports, arrival(name, few));
    holder[broken] = () => Promise.reject(new Error('away'));
    const last = arrival(names.at(-1)!, few);
    await expect(trigger(ports, last)).rejects.toThrow('away');
    holder[broken] = right;
    await trigger(ports, last);
    await trigger(ports, last);
    await wait(ports);
    await wait(ports);
    expect(started(ports)).toEqual([batch(1)]);
    expect(await members(ports, 1)).toEqual(names);
  },
);

test('files that come at the same time as the end of their window are each part of one run', async () => {
  const ports = memoryPorts();
  const few = { rule: { window: { seconds: 300, atMost: 4 } } };
  await trigger(ports, arrival('0', few));
  const [timer] = ports.triggerQueue.later.splice(0);
  await ports.clock.sleep(300_000);
  const names = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
  await Promise.all([trigger(ports, timer!.body), ...names.map((name) => trigger(ports, arrival(name, few)))]);
  await wait(ports);
  await wait(ports);
  const runs = started(ports);
  const taken = (await Promise.all(runs.map(({ number }: { number: number }) => members(ports, number)))).flat();
  expect(taken.toSorted()).toEqual(['0', ...names]);
});

test('a window that was open while the pipeline was deployed anew is run on the new plan', async () => {
  const ports = memoryPorts();
  await trigger(ports, arrival('a', window));
  ports.executions.deployed.set(stateMachineArn, 'b'.repeat(64));
  await wait(ports);
  await wait(ports);
  expect([...ports.executions.started.values()]).toMatchObject([{ input: { planDigest: 'b'.repeat(64) } }]);
});

test('files that came while the pipeline was paused wait for each other once it is resumed', async () => {
  const ports = memoryPorts();
  const request = { pipeline: 'orders', by: 'ada' };
  await pausePipeline(ports, request);
  for (const name of ['a', 'b']) expect(await trigger(ports, arrival(name, window))).toBeUndefined();
  expect(await resumePipeline(ports, { ...request, machine: { stateMachineArn, planDigest } })).toEqual([]);
  await wait(ports);
  await wait(ports);
  expect(await members(ports, 1)).toEqual(['a', 'b']);
});

test('each folder is run once as many files have come as make it complete', async () => {
  const ports = memoryPorts();
  const two = { rule: { complete: { count: 2 } } };
  for (const name of ['mon/a', 'tue/a', 'tue/', 'mon/a', 'mon/b']) await trigger(ports, arrival(name, two));
  expect(started(ports)).toEqual([{ kind: 'batch', place: `${prefix}mon/`, number: 1 }]);
  expect(await members(ports, 1, `${prefix}mon/`)).toEqual(['mon/a', 'mon/b']);
  expect(await ports.arrivals.open('orders')).toMatchObject([{ place: `${prefix}tue/`, files: 1 }]);
});

test('each version of a marker runs its folder, and no other file does', async () => {
  const ports = memoryPorts();
  const marked = { rule: { complete: { marker: '_SUCCESS' } } };
  for (const name of ['mon/a', 'mon/x_SUCCESS', 'mon/_SUCCESS', 'mon/_SUCCESS', '_SUCCESS'])
    await trigger(ports, arrival(name, marked));
  await trigger(ports, arrival('mon/_SUCCESS', { ...marked, version: 2 }));
  expect(started(ports)).toMatchObject([
    { kind: 'folder', folder: `${prefix}mon/`, versionId: 'v1' },
    { kind: 'folder', folder: prefix },
    { kind: 'folder', folder: `${prefix}mon/`, versionId: 'v2' },
  ]);
});

test('a file that comes again with other content is a run of its own', async () => {
  const ports = memoryPorts();
  await trigger(ports, arrival('a'));
  await trigger(ports, arrival('a', { version: 2, content: 'other' }));
  await trigger(ports, arrival('a', { version: 3 }));
  expect(started(ports).map(({ versionId }: any) => versionId)).toEqual(['v1', 'v2', 'v3']);
  expect(ports.audit.entries).toEqual([]);
});

test('a file that comes again with the same content is passed over, and the audit says so once', async () => {
  const ports = memoryPorts();
  await trigger(ports, arrival('a'));
  const again = arrival('a', { version: 2 });
  expect([await trigger(ports, again), await trigger(ports, again)]).toEqual([undefined, undefined]);
  expect(started(ports)).toHaveLength(1);
  expect(ports.audit.entries).toMatchObject([
    { action: 'pass-over', detail: { versionId: 'v2', because: 'repeated', version: 'v1' } },
  ]);
  await trigger(ports, arrival('a', { version: 3, rule: { reupload: 'run' } }));
  expect(started(ports)).toHaveLength(2);
});

test('a file that comes again because its run has failed is run', async () => {
  const ports = memoryPorts();
  const run = (await trigger(ports, arrival('a')))!;
  const { input } = ports.executions.started.get(run)!;
  const state = 'Triggered';
  await ports.runs.create({ ...input, run, startedAt: '', state, transitions: [{ state, at: 1 }] });
  expect(await trigger(ports, arrival('a', { version: 2 }))).toBeUndefined();
  await ports.runs.change({ run, from: [{ state: 'Triggered' }], to: { state: 'Failed' }, at: 1 });
  expect(await trigger(ports, arrival('a', { version: 3 }))).not.toBe(run);
  expect(started(ports)).toHaveLength(2);
});

test('an older version whose event comes late is passed over', async () => {
  const ports = memoryPorts();
  await trigger(ports, arrival('a', { version: 2, sequencer: '0066AB01', content: 'new' }));
  expect(await trigger(ports, arrival('a', { version: 1, sequencer: '0066ab', content: 'old' }))).toBeUndefined();
  expect(started(ports).map(({ versionId }: any) => versionId)).toEqual(['v2']);
  expect(ports.audit.entries).toMatchObject([
    { action: 'pass-over', detail: { versionId: 'v1', because: 'superseded', version: 'v2' } },
  ]);
});

test('in a batch the newer version of a file takes the place of the older one', async () => {
  const ports = memoryPorts();
  await trigger(ports, arrival('a', window));
  await trigger(ports, arrival('a', { ...window, version: 3 }));
  await trigger(ports, arrival('a', { ...window, version: 2 }));
  const [member, ...more] = await ports.arrivals.members({ pipeline: 'orders', place: prefix, number: 1 });
  expect([member!.versionId, more]).toEqual(['v3', []]);
});
