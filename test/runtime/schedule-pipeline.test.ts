import { beforeEach, describe, expect, test } from 'vitest';
import { planKey } from '../../lib/runtime/keys.ts';
import { pausePipeline, resumePipeline } from '../../lib/runtime/operate/pause-pipeline.ts';
import { schedulePipeline } from '../../lib/runtime/schedule-pipeline.ts';
import { ordersPipeline } from '../fixtures/orders-plan.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';

let ports: MemoryPorts;
beforeEach(() => {
  ports = memoryPorts();
});
const states = () => ports.pipelines.told.map(({ state }) => state);
const found = () => ports.pipelines.find('orders');

describe('a pipeline', () => {
  test('is looked at when its first run begins, and then is scheduled', async () => {
    await schedulePipeline(ports, ordersPipeline);
    await schedulePipeline(ports, ordersPipeline);
    expect(states()).toEqual(['Created', 'Validating', 'Validated', 'Scheduled']);
    expect(await found()).toMatchObject({ state: 'Scheduled', planDigest: ordersPipeline.plan.digest });
  });

  test('keeps its plan before it is scheduled, and once', async () => {
    const { createText } = ports.objects;
    const written: string[] = [];
    ports.objects.createText = async (key, text) => {
      expect((await found())?.state).not.toBe('Scheduled');
      written.push(key);
      return createText.call(ports.objects, key, text);
    };
    await schedulePipeline(ports, ordersPipeline);
    await schedulePipeline(ports, ordersPipeline);
    expect(written).toEqual([planKey('orders', ordersPipeline.plan.digest)]);
  });

  test('is looked at again when another plan is deployed', async () => {
    await schedulePipeline(ports, ordersPipeline);
    const plan = { ...ordersPipeline.plan, digest: 'beef'.repeat(16) };
    await schedulePipeline(ports, { ...ordersPipeline, plan });
    expect(states().slice(4)).toEqual(['Validating', 'Validated', 'Scheduled']);
    expect(await found()).toMatchObject({ planDigest: plan.digest });
  });

  test('is invalid where its bundle lacks what the plan names, until one is deployed that does not', async () => {
    const { lake: _, ...components } = ordersPipeline.components;
    await expect(schedulePipeline(ports, { ...ordersPipeline, components })).rejects.toMatchObject({
      name: 'PlanInconsistentError',
      received: ['lake'],
    });
    expect(await found()).toMatchObject({ state: 'Invalid', problem: 'the bundle lacks lake' });
    await schedulePipeline(ports, ordersPipeline);
    expect(await found()).toMatchObject({ state: 'Scheduled' });
    expect(await found()).not.toHaveProperty('problem');
  });

  test('goes on from where looking at it was cut short', async () => {
    const { change } = ports.pipelines;
    ports.pipelines.change = (next) =>
      next.to === 'Validated' ? Promise.reject(new Error('killed')) : change.call(ports.pipelines, next);
    await expect(schedulePipeline(ports, ordersPipeline)).rejects.toThrow('killed');
    ports.pipelines.change = change;
    await schedulePipeline(ports, ordersPipeline);
    expect(states()).toEqual(['Created', 'Validating', 'Validating', 'Validated', 'Scheduled']);
  });

  test('that is paused stays paused, whatever is started by hand', async () => {
    await pausePipeline(ports, { pipeline: 'orders', by: 'ada' });
    await schedulePipeline(ports, ordersPipeline);
    expect(states()).toEqual(['Created', 'Paused']);
    const machine = { stateMachineArn: 'arn', planDigest: ordersPipeline.plan.digest };
    await resumePipeline(ports, { pipeline: 'orders', by: 'ada', machine });
    expect(await found()).toMatchObject({ state: 'Scheduled', by: 'ada' });
  });
});
