import { expect, test } from 'vitest';
import { pausePipeline, resumePipeline } from '../../lib/runtime/operate/pause-pipeline.ts';
import { trigger } from '../../lib/runtime/trigger.ts';
import { memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual } from '../fixtures/run-machine.ts';

const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:penstock-orders';
const message = (requestId: string, planDigest = 'a'.repeat(64)) =>
  JSON.stringify({ pipeline: 'orders', planDigest, stateMachineArn, trigger: manual(requestId) });
const machine = { stateMachineArn, planDigest: 'a'.repeat(64) };
const request = { pipeline: 'orders', by: 'ada' };

test('a paused pipeline starts nothing, and on resuming what arrived meanwhile, once', async () => {
  const ports = memoryPorts();
  await pausePipeline(ports, request);
  for (const one of ['1', '2', '1']) expect(await trigger(ports, message(one))).toBeUndefined();
  expect(ports.executions.started.size).toBe(0);
  const runs = await resumePipeline(ports, { ...request, machine });
  expect(runs).toHaveLength(2);
  expect([...ports.executions.started.keys()].sort()).toEqual(runs.toSorted());
  expect(await ports.pipelines.parked('orders')).toEqual([]);
  await trigger(ports, message('3'));
  expect(ports.executions.started.size).toBe(3);
  expect(ports.audit.entries.map(({ action }) => action)).toEqual(['pause', 'resume']);
});

test('what waited starts on the plan that is deployed when the pipeline is resumed', async () => {
  const ports = memoryPorts();
  await pausePipeline(ports, request);
  await trigger(ports, message('1'));
  const planDigest = 'b'.repeat(64);
  await resumePipeline(ports, { ...request, machine: { ...machine, planDigest } });
  expect([...ports.executions.started.values()]).toMatchObject([{ input: { planDigest } }]);
});

test('resuming that was cut short is taken up again', async () => {
  const ports = memoryPorts();
  await pausePipeline(ports, request);
  await trigger(ports, message('1'));
  const { start } = ports.executions;
  ports.executions.start = () => Promise.reject(new Error('Step Functions is away'));
  await expect(resumePipeline(ports, { ...request, machine })).rejects.toThrow('away');
  ports.executions.start = start;
  expect(await resumePipeline(ports, { ...request, machine })).toHaveLength(1);
});

test.each([
  ['the same plan', machine.planDigest],
  ['a plan that was deployed meanwhile', 'b'.repeat(64)],
])(
  'what waits goes on waiting where somebody pauses the pipeline again while it is resumed, on %s',
  async (_, planDigest) => {
    const ports = memoryPorts();
    await pausePipeline(ports, request);
    for (const one of ['1', '2']) await trigger(ports, message(one));
    const { start } = ports.executions;
    ports.executions.start = async (run) => {
      await pausePipeline(ports, { ...request, by: 'ben' });
      ports.executions.start = start;
      return start.call(ports.executions, run);
    };
    const again = { ...request, machine: { ...machine, planDigest } };
    expect(await resumePipeline(ports, again)).toHaveLength(1);
    expect(await ports.pipelines.parked('orders')).toHaveLength(1);
    expect(await resumePipeline(ports, again)).toHaveLength(1);
    expect([ports.executions.started.size, (await ports.pipelines.parked('orders')).length]).toEqual([2, 0]);
  },
);

test('another pipeline is left alone', async () => {
  const ports = memoryPorts();
  await pausePipeline(ports, { ...request, pipeline: 'other' });
  await trigger(ports, message('1'));
  expect(ports.executions.started.size).toBe(1);
});

test('pausing what is paused, and resuming what is not, are refused', async () => {
  const ports = memoryPorts();
  await expect(resumePipeline(ports, { ...request, machine })).rejects.toMatchObject({ name: 'PipelineStateError' });
  await pausePipeline(ports, request);
  await expect(pausePipeline(ports, request)).rejects.toMatchObject({
    problem: 'the pipeline "orders" is paused already',
  });
  expect(ports.audit.entries).toHaveLength(1);
});

test('a pipeline that is paused before its first run was created before that', async () => {
  const ports = memoryPorts();
  await pausePipeline(ports, request);
  await resumePipeline(ports, { ...request, machine });
  const { transitions } = (await ports.pipelines.find('orders'))!;
  expect(transitions?.map(({ state }) => state)).toEqual(['Created', 'Paused', 'Scheduled']);
});
