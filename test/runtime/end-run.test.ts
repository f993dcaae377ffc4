import { beforeEach, describe, expect, test } from 'vitest';
import { endRun } from '../../lib/runtime/end-run.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import type { ExecutionEnded, StageInput } from '../../lib/runtime/messages.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { ordersPipeline } from '../fixtures/orders-plan.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runToEnd, runToGate, stageInput, tableRows } from '../fixtures/run-machine.ts';

let ports: MemoryPorts;
const input = stageInput(ordersPipeline, manual());

beforeEach(() => {
  ports = memoryPorts();
  ports.objects.drop('reference/cities.csv', 'Rome,1\nOslo,2');
  ports.objects.drop('landing/orders/a.csv', 'Rome,5\nOslo,3');
});

/** What Step Functions tells of the execution of a run. */
function told({ run, startedAt, ...rest }: StageInput, more: Partial<ExecutionEnded> = {}): ExecutionEnded {
  const { pipeline, planDigest, trigger } = rest;
  return {
    name: run,
    status: 'ABORTED',
    startDate: Date.parse(startedAt),
    input: JSON.stringify({ pipeline, planDigest, trigger }),
    error: null,
    cause: null,
    ...more,
  };
}

const end = (more?: Partial<ExecutionEnded>) => endRun(ports, ordersPipeline, told(input, more));
const record = async () => (await ports.runs.find(input.run))!;
const eventTypes = () => ports.bus.events.map(({ type }) => type).filter((type) => type !== 'LineageRecorded');

describe('an execution that was stopped', () => {
  test('leaves a cancelled run, of which nothing is seen and nothing taken', async () => {
    await runToGate(ports, ordersPipeline, input);
    await end({ error: 'RunCancelledError', cause: 'cancelled by ada' });
    expect(await record()).toMatchObject({
      state: 'Cancelled',
      failure: { error: 'RunCancelledError', message: 'cancelled by ada', state: 'the run as a whole' },
      endedAt: expect.any(Number),
    });
    expect(await Array.fromAsync(ports.objects.list('curated/'))).toEqual([]);
    expect(eventTypes().at(-1)).toBe('PipelineCancelled');
    const next = stageInput(ordersPipeline, manual('next'));
    await runToEnd(ports, ordersPipeline, next);
    expect(await tableRows(ports, 'orders')).toEqual(['Oslo,3', 'Rome,5']);
  });

  test('is known by its start where that is a whole second, which Step Functions prints without a fraction', async () => {
    const whole = { ...input, startedAt: '2026-01-01T10:00:00Z' };
    await initialize(ports, ordersPipeline, whole);
    await endRun(ports, ordersPipeline, told(whole));
    expect(await record()).toMatchObject({ state: 'Cancelled' });
  });

  test('lets no step of it publish any more', async () => {
    await runToGate(ports, ordersPipeline, input);
    await publish(ports, ordersPipeline, input);
    await end();
    await expect(commit(ports, ordersPipeline, input)).rejects.toMatchObject({ name: 'RunStateError' });
    expect(await tableRows(ports, 'orders')).toEqual([]);
  });

  test('leaves a run that has committed as it is', async () => {
    await runToEnd(ports, ordersPipeline, input);
    const before = await record();
    expect(await end()).toEqual({ state: 'kept' });
    expect(await record()).toEqual(before);
    expect(eventTypes()).not.toContain('PipelineCancelled');
  });

  test('may be told of twice', async () => {
    await runToGate(ports, ordersPipeline, input);
    await end();
    const before = await record();
    await end();
    expect(await record()).toEqual(before);
  });

  test('before its first state did anything leaves a record that keeps that state out', async () => {
    await end();
    expect(await record()).toMatchObject({ state: 'Cancelled', trigger: manual(), startedAt: input.startedAt });
    await expect(initialize(ports, ordersPipeline, input)).rejects.toMatchObject({ name: 'RunStateError' });
    expect(eventTypes()).toEqual(['PipelineTriggered', 'CompensationStarted', 'PipelineCancelled']);
  });

  test('of an earlier run of the same name changes nothing', async () => {
    await runToGate(ports, ordersPipeline, input);
    const before = await record();
    expect(await end({ startDate: Date.parse('2025-01-01T00:00:00Z') })).toEqual({ state: 'kept' });
    expect(await record()).toEqual(before);
  });
});

test('a run that ran out of time as a whole fails, and may be tried again', async () => {
  await runToGate(ports, ordersPipeline, input);
  await end({ status: 'TIMED_OUT' });
  expect(await record()).toMatchObject({
    state: 'Failed',
    failure: { error: 'States.Timeout', disposition: 'retryable' },
  });
  expect(eventTypes().at(-1)).toBe('PipelineFailed');
});

describe('an execution that failed', () => {
  test('without having undone the run has it undone', async () => {
    await runToGate(ports, ordersPipeline, input);
    const to = { state: 'Running', phase: 'Compensating' } as const;
    await ports.runs.change({ run: input.run, from: [{ state: 'Running' }], to, at: 9 });
    await end({ status: 'FAILED', error: 'LedgerImbalanceError', cause: 'rows are missing' });
    expect(await record()).toMatchObject({ state: 'Failed', failure: { error: 'LedgerImbalanceError' } });
  });

  test('after a part was published has the run completed', async () => {
    await runToGate(ports, ordersPipeline, input);
    await publish(ports, ordersPipeline, input);
    const { commit: whole } = ports.tables;
    let commits = 0;
    ports.tables.commit = (next) => {
      if (commits++ > 0) throw new Error('the catalogue is away');
      return whole.call(ports.tables, next);
    };
    await expect(commit(ports, ordersPipeline, input)).rejects.toThrow('away');
    ports.tables.commit = whole;
    await end({ status: 'TIMED_OUT' });
    expect(await record()).toMatchObject({ state: 'Completed' });
    expect(await tableRows(ports, 'totals')).toEqual(['Oslo,3', 'Rome,5']);
    expect(eventTypes().at(-1)).toBe('PipelineCompleted');
  });
});
