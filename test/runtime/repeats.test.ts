import { expect, test } from 'vitest';
import { compensate } from '../../lib/runtime/compensate.ts';
import { pinnedInputs } from '../../lib/runtime/extract/pinned-inputs.ts';
import type { StageInput, TriggerMessage } from '../../lib/runtime/messages.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { trigger } from '../../lib/runtime/trigger.ts';
import { ordersPipeline } from '../fixtures/orders-plan.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runToEnd, runToGate, stageInput, tableRows } from '../fixtures/run-machine.ts';

const prefix = 'landing/orders/';
const pipeline = {
  ...ordersPipeline,
  plan: { ...ordersPipeline.plan, triggers: [{ kind: 'file', prefix } as const] },
};

/** Puts the same content into its place again, and tells of it. Returns the input of the run that it has started. */
async function arrive(ports: MemoryPorts, version: number) {
  const key = `${prefix}a`;
  const versionId = ports.objects.drop(key, 'Rome,5');
  const message: TriggerMessage = {
    pipeline: pipeline.plan.pipeline,
    planDigest: pipeline.plan.digest,
    stateMachineArn: 'arn',
    files: { prefix },
    trigger: { kind: 'file', bucket: 'lake', key, versionId, size: 4, sequencer: `0${version}`, etag: '"e"' },
  };
  await trigger(ports, JSON.stringify(message));
  return stageInput(pipeline, message.trigger);
}

/** With what every run reads beside its files. */
function ordersPorts(): MemoryPorts {
  const ports = memoryPorts();
  ports.objects.drop('reference/cities.csv', 'Rome,1');
  return ports;
}

test('what repeats a published file is part of no run that lists the lake', async () => {
  const ports = ordersPorts();
  await runToEnd(ports, pipeline, await arrive(ports, 1));
  await arrive(ports, 2);
  const listing = stageInput(pipeline, manual());
  await runToEnd(ports, pipeline, listing);
  expect((await pinnedInputs(ports.objects, listing)).main).toEqual([]);
});

test('what repeats a file whose run never came to its end is taken in its place, and both are then', async () => {
  const ports = ordersPorts();
  const failed = await arrive(ports, 1);
  await arrive(ports, 2);
  const listing = stageInput(pipeline, manual());
  await runToEnd(ports, pipeline, listing);
  expect((await pinnedInputs(ports.objects, listing)).main).toMatchObject([
    { key: `${prefix}a`, repeats: (failed.trigger as { versionId: string }).versionId },
  ]);
  await runToEnd(ports, pipeline, failed);
  expect((await pinnedInputs(ports.objects, failed)).main).toEqual([]);
});

/** Runs out of time before anything is published. */
async function fail(ports: MemoryPorts, input: StageInput) {
  await runToGate(ports, pipeline, input);
  const error = { Error: 'States.Timeout' };
  await compensate(ports, pipeline, { ...input, error, state: 'Assess' });
}

const again = (input: StageInput, attempt: number) => stageInput(pipeline, { ...input.trigger, attempt });

test('content that came again when its run had failed is published once, whichever run is tried again', async () => {
  const ports = ordersPorts();
  const first = await arrive(ports, 1);
  await fail(ports, first);
  const second = await arrive(ports, 2);
  await fail(ports, second);
  const third = await arrive(ports, 3);
  expect(ports.executions.started.size).toBe(3);
  await runToEnd(ports, pipeline, third);
  for (const other of [first, second]) await runToEnd(ports, pipeline, again(other, 1));
  expect(await tableRows(ports, 'orders')).toHaveLength(1);
  // It is known as published, whichever of its versions was.
  await arrive(ports, 4);
  expect(ports.executions.started.size).toBe(3);
});

test('content that came again and was published by an older run is run no more', async () => {
  const ports = ordersPorts();
  const first = await arrive(ports, 1);
  await fail(ports, first);
  const second = await arrive(ports, 2);
  await fail(ports, second);
  await runToEnd(ports, pipeline, again(first, 1));
  await arrive(ports, 3);
  expect(ports.executions.started.size).toBe(2);
  await runToEnd(ports, pipeline, stageInput(pipeline, manual()));
  expect(await tableRows(ports, 'orders')).toHaveLength(1);
});

test('of two runs over one content that are at work at once, one publishes', async () => {
  const ports = ordersPorts();
  const first = await arrive(ports, 1);
  await fail(ports, first);
  const second = await arrive(ports, 2);
  const retried = again(first, 1);
  for (const run of [retried, second]) {
    await runToGate(ports, pipeline, run);
    await publish(ports, pipeline, run);
  }
  await commit(ports, pipeline, retried);
  await expect(commit(ports, pipeline, second)).rejects.toMatchObject({ name: 'InputConsumedError' });
});
