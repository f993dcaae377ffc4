import { describe, expect, test } from 'vitest';
import { initialize } from '../../lib/runtime/initialize.ts';
import type { TriggerIdentity, TriggerMessage } from '../../lib/runtime/messages.ts';
import { runId } from '../../lib/runtime/run-id.ts';
import { trigger } from '../../lib/runtime/trigger.ts';
import { ordersPipeline as pipeline } from '../fixtures/orders-plan.ts';
import { memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, stageInput } from '../fixtures/run-machine.ts';

const file: TriggerIdentity = {
  kind: 'file',
  bucket: 'lake',
  key: 'landing/orders/a b+ü%20.csv',
  versionId: 'v1',
  size: 10,
  sequencer: '0066A1',
};
const message: TriggerMessage = {
  pipeline: 'orders',
  planDigest: 'abcdef0123456789',
  stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:orders',
  trigger: file,
};

describe('the id of a run', () => {
  test('names pipeline, plan and trigger', () => {
    expect(runId('orders', 'abcdef0123456789', file)).toMatch(/^orders-abcdef01-[0-9a-f]{16}$/);
  });

  test('is the same for the same file version, however the event came', () => {
    expect(runId('orders', 'abcdef01', { ...file, sequencer: '0066FF', size: 11 })).toBe(
      runId('orders', 'abcdef01', file),
    );
  });

  test.each<[string, TriggerIdentity]>([
    ['version', { ...file, versionId: 'v2' }],
    ['key', { ...file, key: 'landing/orders/a b+ü .csv' }],
    ['bucket', { ...file, bucket: 'lake2' }],
    ['kind', { kind: 'schedule', time: 'v1' }],
  ])('is another for another %s', (_, other) => {
    expect(runId('orders', 'abcdef01', other)).not.toBe(runId('orders', 'abcdef01', file));
  });

  test('tells schedules and requests apart', () => {
    const ids = [
      manual('a'),
      manual('b'),
      { kind: 'schedule', time: 'a' } as const,
      { kind: 'schedule', time: 'b' } as const,
    ];
    expect(new Set(ids.map((one) => runId('orders', 'abcdef01', one))).size).toBe(4);
  });

  test('is never longer than the name of an execution may be', () => {
    expect(runId('p'.repeat(200), 'abcdef01', file)).toHaveLength(80);
  });
});

describe('a trigger message', () => {
  test('starts the run of its name, with the key as it came', async () => {
    const ports = memoryPorts();
    const run = (await trigger(ports, JSON.stringify(message)))!;
    expect(ports.executions.started.get(run)).toEqual({
      stateMachineArn: message.stateMachineArn,
      input: { pipeline: 'orders', planDigest: 'abcdef0123456789', trigger: file },
    });
  });

  test('that comes twice finds the run that exists', async () => {
    const ports = memoryPorts();
    expect(await trigger(ports, JSON.stringify(message))).toBe(await trigger(ports, JSON.stringify(message)));
    expect(ports.executions.started.size).toBe(1);
  });

  test.each<[string, unknown, string]>([
    ['without a state machine', { ...message, stateMachineArn: undefined }, 'trigger message.stateMachineArn'],
    ['with an empty version', { ...message, trigger: { ...file, versionId: '' } }, 'trigger message.trigger.versionId'],
    ['with a size in text', { ...message, trigger: { ...file, size: '10' } }, 'trigger message.trigger.size'],
    ['of an unknown kind', { ...message, trigger: { kind: 'webhook' } }, 'trigger message.trigger.kind'],
    ['with a member that nobody knows', { ...message, dryRun: true }, 'trigger message'],
    [
      'with a trigger member that nobody knows',
      { ...message, trigger: { ...manual(), force: true } },
      'trigger message.trigger',
    ],
    ['that is a list', [message], 'trigger message'],
  ])('%s is refused, naming the place', async (_, body, place) => {
    const refused = trigger(memoryPorts(), JSON.stringify(body));
    await expect(refused).rejects.toMatchObject({
      name: 'MessageMalformedError',
      problem: `${place} does not have the agreed form`,
    });
  });
});

describe('initialization', () => {
  const input = stageInput(pipeline, manual());

  test('opens the record and tells that the run has begun', async () => {
    const ports = memoryPorts();
    expect(await initialize(ports, pipeline, input)).toEqual({ run: input.run });
    expect(await ports.runs.find(input.run)).toMatchObject({
      state: 'Running',
      phase: 'Initializing',
      startedAt: input.startedAt,
    });
    expect(ports.bus.events).toMatchObject([
      { type: 'PipelineTriggered', run: input.run, detail: { sequence: 1 } },
      { type: 'PipelineStarted', run: input.run, detail: { trigger: 'manual' } },
      { type: 'LineageRecorded', detail: { eventType: 'START' } },
    ]);
  });

  test('repeated by the same execution carries on', async () => {
    const ports = memoryPorts();
    await initialize(ports, pipeline, input);
    await initialize(ports, pipeline, input);
    expect((await ports.runs.find(input.run))?.transitions).toHaveLength(2);
  });

  test('by another execution of the same name is refused', async () => {
    const ports = memoryPorts();
    await initialize(ports, pipeline, input);
    const later = { ...input, startedAt: '2026-06-01T00:00:00.000Z' };
    await expect(initialize(ports, pipeline, later)).rejects.toMatchObject({ name: 'RunExistsError' });
  });
});
