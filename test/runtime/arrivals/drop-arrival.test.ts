import { expect, test, vi } from 'vitest';
import { dropArrival } from '../../../lib/runtime/arrivals/drop-arrival.ts';
import type { ArrivedFile } from '../../../lib/runtime/ports/arrivals.ts';
import { trigger } from '../../../lib/runtime/trigger.ts';
import { fileMessage as arrival, ordersPrefix as prefix } from '../../fixtures/file-message.ts';
import { type MemoryPorts, memoryPorts } from '../../fixtures/ports/memory-ports.ts';

const rule = { complete: { count: 2 } };

/** The message whose run could not be started: the decision stands, and it is a dead letter. */
async function givenUp(ports: MemoryPorts, body: string): Promise<void> {
  vi.spyOn(ports.executions, 'start').mockRejectedValueOnce(new Error('refused'));
  await expect(trigger(ports, body)).rejects.toThrow('refused');
}

const started = ({ executions }: MemoryPorts) => [...executions.started.values()].map(({ input }) => input.trigger);

test('content whose message was dropped before its run began is run when it comes again, and takes the first one along', async () => {
  const ports = memoryPorts();
  await givenUp(ports, arrival('a'));
  // The message may still be delivered once more.
  expect(await trigger(ports, arrival('a', { version: 2 }))).toBeUndefined();
  await dropArrival(ports, arrival('a'));
  const run = await trigger(ports, arrival('a', { version: 3 }));
  expect([...ports.executions.started.keys()]).toEqual([run]);
  expect(started(ports)).toMatchObject([{ versionId: 'v3' }]);
  // Whoever delivers the first one all the same publishes its rows instead, or not at all.
  expect(await ports.arrivals.repeats('orders', [{ key: `${prefix}a`, versionId: 'v3' }])).toMatchObject([
    { of: 'v1' },
  ]);
  expect(await trigger(ports, arrival('a', { version: 4 }))).toBeUndefined();
});

test('of content whose run has begun, or behind which other content has come, nothing is dropped', async () => {
  const ports = memoryPorts();
  const run = (await trigger(ports, arrival('a')))!;
  const { input } = ports.executions.started.get(run)!;
  const state = 'Triggered';
  await ports.runs.create({ ...input, run, startedAt: '', state, transitions: [{ state, at: 1 }] });
  await dropArrival(ports, arrival('a'));
  expect(await trigger(ports, arrival('a', { version: 2 }))).toBeUndefined();
  await givenUp(ports, arrival('b'));
  await trigger(ports, arrival('b', { version: 2, content: 'other' }));
  await dropArrival(ports, arrival('b'));
  expect(await trigger(ports, arrival('b', { version: 3, content: 'other' }))).toBeUndefined();
  await dropArrival(ports, 'not JSON');
});

test('all files of a set are dropped with the message that was to start its run', async () => {
  const ports = memoryPorts();
  await trigger(ports, arrival('a', { rule }));
  await givenUp(ports, arrival('b', { rule }));
  await dropArrival(ports, arrival('b', { rule }));
  await trigger(ports, arrival('a', { version: 2, rule }));
  await trigger(ports, arrival('b', { version: 2, rule }));
  expect(started(ports)).toMatchObject([{ kind: 'batch', number: 2 }]);
  const versions = async (number: number) =>
    (await ports.arrivals.members({ pipeline: 'orders', place: prefix, number })).map(
      (file: ArrivedFile) => file.versionId,
    );
  expect([await versions(1), await versions(2)]).toEqual([
    ['v1', 'v1'],
    ['v2', 'v2'],
  ]);
});
