import { beforeEach, describe, expect, test } from 'vitest';
import { compensate } from '../../lib/runtime/compensate.ts';
import { endRun } from '../../lib/runtime/end-run.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import type { ExecutionEnded } from '../../lib/runtime/messages.ts';
import { redriveRun } from '../../lib/runtime/operate/redrive-run.ts';
import type { PipelineCode } from '../../lib/runtime/pipeline-code.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { ordersPipeline } from '../fixtures/orders-plan.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runToGate, stageInput } from '../fixtures/run-machine.ts';

const pipeline: PipelineCode = {
  ...ordersPipeline,
  plan: { ...ordersPipeline.plan, overlap: { policy: 'queue', runs: 1 }, shares: { database: 1 } },
};
const input = stageInput(pipeline, manual());
const error = { Error: 'ServiceUnavailableError', Cause: 'the lake is away' };
const lineage = `reports/orders/${input.run}.openlineage.json`;
const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:penstock-orders';
let ports: MemoryPorts;

beforeEach(() => {
  ports = memoryPorts();
  ports.objects.drop('reference/cities.csv', 'Rome,1');
  ports.objects.drop('landing/orders/a.csv', 'Rome,5');
});

const told = (more: Partial<ExecutionEnded>): ExecutionEnded => ({
  ...{ name: input.run, startDate: Date.parse(input.startedAt), input: null, error: null, cause: null },
  ...{ status: 'ABORTED', ...more },
});
const held = async () => {
  const names = ['pipeline/orders', 'resource/database', 'table/orders', 'table/totals'];
  const leases = await Promise.all(names.map((name) => ports.leases.find(name)));
  return leases.flatMap(({ holders, waiting }) => Object.keys({ ...holders, ...waiting }));
};

/** Dies where it would give back the first lease. */
async function diesBehind(end: () => Promise<unknown>): Promise<void> {
  const { release, expire } = ports.leases;
  ports.leases.release = ports.leases.expire = () => Promise.reject(new Error('killed'));
  await expect(end()).rejects.toThrow('killed');
  Object.assign(ports.leases, { release, expire });
  expect(await held()).not.toEqual([]);
  expect(ports.objects.keys('reports/')).not.toContain(lineage);
}

async function failed(): Promise<void> {
  await runToGate(ports, pipeline, input);
  await diesBehind(() => compensate(ports, pipeline, { ...input, error, state: 'Aggregate by city' }));
}

describe('news of an execution whose run has ended', () => {
  test.each(['ABORTED', 'TIMED_OUT', 'FAILED'] as const)('%s: does what who ended it died over', async (status) => {
    await runToGate(ports, pipeline, input);
    await publish(ports, pipeline, input);
    await ports.leases.take('table/orders', input.run, 1);
    await diesBehind(() => endRun(ports, pipeline, told({ status })));
    const before = await ports.runs.find(input.run);
    await endRun(ports, pipeline, told({ status }));
    expect(await held()).toEqual([]);
    expect(ports.objects.keys('reports/')).toContain(lineage);
    expect(await ports.runs.find(input.run)).toEqual(before);
  });

  test('does it for a state that undid the run', async () => {
    await failed();
    expect(await endRun(ports, pipeline, told({ status: 'FAILED' }))).toEqual({ state: 'kept' });
    expect(await held()).toEqual([]);
    expect(ports.objects.json(lineage).at(-1).eventType).toBe('FAIL');
    expect(await ports.runs.find(input.run)).toMatchObject({ state: 'Failed', phase: 'Kept' });
  });

  test('does it for a commit, whose execution somebody stopped', async () => {
    await runToGate(ports, pipeline, input);
    await publish(ports, pipeline, input);
    const { release } = ports.leases;
    ports.leases.release = (name, run) =>
      name.startsWith('table/') ? release.call(ports.leases, name, run) : Promise.reject(new Error('killed'));
    await expect(commit(ports, pipeline, input)).rejects.toThrow('killed');
    ports.leases.release = release;
    expect(await endRun(ports, pipeline, told({}))).toEqual({ state: 'kept' });
    expect(await held()).toEqual([]);
    expect(ports.objects.json(lineage).at(-1).eventType).toBe('COMPLETE');
  });

  test('takes a run out of the line that was stopped while it waited', async () => {
    await ports.leases.take('pipeline/orders', 'another', 1);
    await ports.runs.create({
      ...{ run: 'another', pipeline: 'orders', planDigest: input.planDigest, trigger: manual('another') },
      ...{ startedAt: input.startedAt, state: 'Triggered', transitions: [{ state: 'Triggered', at: 1 }] },
    });
    expect((await initialize(ports, pipeline, input)).admission).toMatchObject({ outcome: 'waiting' });
    await diesBehind(() => endRun(ports, pipeline, told({})));
    await endRun(ports, pipeline, told({}));
    expect(await held()).toEqual(['another']);
  });

  /** Before it is known what the run holds, and when that is given back. */
  test.each(['find', 'expire'] as const)('leaves a run what it has taken anew that is redriven at %s', async (step) => {
    await failed();
    const { leases } = ports;
    const whole = leases[step] as (...words: unknown[]) => Promise<unknown>;
    let redriven = false;
    const late = async (...words: unknown[]) => {
      if (!redriven) {
        redriven = true;
        await redriveRun(ports, { run: input.run, stateMachineArn, by: 'ada' });
        await initialize(ports, pipeline, input);
      }
      return whole.apply(leases, words);
    };
    Object.assign(leases, { [step]: late });
    await endRun(ports, pipeline, told({ status: 'FAILED' }));
    expect(redriven).toBe(true);
    expect(await held()).toEqual([input.run, input.run]);
  });
});
