import { expect, test } from 'vitest';
import { pinnedInputs } from '../../lib/runtime/extract/pinned-inputs.ts';
import type { TriggerMessage } from '../../lib/runtime/messages.ts';
import { trigger } from '../../lib/runtime/trigger.ts';
import { ordersPipeline } from '../fixtures/orders-plan.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runToEnd, stageInput } from '../fixtures/run-machine.ts';

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
