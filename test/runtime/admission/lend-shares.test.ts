import { beforeEach, describe, expect, test } from 'vitest';
import { compensate } from '../../../lib/runtime/compensate.ts';
import { initialize } from '../../../lib/runtime/initialize.ts';
import type { PipelineCode } from '../../../lib/runtime/pipeline-code.ts';
import { decideReview } from '../../../lib/runtime/review/decide-review.ts';
import { resume } from '../../../lib/runtime/review/resume.ts';
import { review } from '../../../lib/runtime/review/review.ts';
import { ordersPipeline } from '../../fixtures/orders-plan.ts';
import { type MemoryPorts, memoryPorts } from '../../fixtures/ports/memory-ports.ts';
import { manual, runToGate, stageInput } from '../../fixtures/run-machine.ts';

const pipeline: PipelineCode = {
  ...ordersPipeline,
  plan: { ...ordersPipeline.plan, overlap: { policy: 'queue', runs: 1 }, shares: { warehouse: 1 } },
};
/** Of another pipeline that shares the same. */
const other: PipelineCode = { ...ordersPipeline, plan: { ...ordersPipeline.plan, shares: { warehouse: 1 } } };
const share = 'resource/warehouse';
const input = stageInput(pipeline, manual('reviewed'));
const { run } = input;
const later = { ...stageInput(other, manual('other')), startedAt: '2026-01-02T00:00:00.000Z' };
const asked = { ...input, taskToken: 'token' };
const resumed = { ...input, resumes: true as const };

let ports: MemoryPorts;
const holders = async (name: string) => Object.keys((await ports.leases.find(name)).holders);
const beginOther = async () => (await initialize(ports, other, later)).admission?.outcome;

beforeEach(async () => {
  ports = memoryPorts();
  ports.objects.drop('reference/cities.csv', 'Rome,1');
  ports.objects.drop('landing/orders/a.csv', 'Rome,666\nRome,1\nOslo,1\nOslo,2');
  expect((await runToGate(ports, pipeline, input)).assessed.gate).toBe('review');
});

describe('a run that waits for a person', () => {
  test('lends what runs of all pipelines share, and keeps its place among those of its own', async () => {
    expect(await beginOther()).toBe('waiting');
    await review(ports, pipeline, asked);
    expect(await holders(share)).toEqual([]);
    expect(await holders('pipeline/orders')).toEqual([run]);
    expect(await beginOther()).toBe('admitted');
  });

  test('asked for again, or by a call that comes late, has nothing of what it lent', async () => {
    await review(ports, pipeline, asked);
    await review(ports, pipeline, { ...asked, reminds: true });
    await initialize(ports, pipeline, input);
    expect(await holders(share)).toEqual([]);
    expect(await holders('pipeline/orders')).toEqual([run]);
  });

  test('stands in no line while a person decides, whenever a call comes late', async () => {
    await review(ports, pipeline, asked);
    expect(await beginOther()).toBe('admitted');
    await initialize(ports, pipeline, input);
    expect(await ports.leases.find(share)).toMatchObject({ holders: { [later.run]: expect.any(Number) }, waiting: {} });
  });

  test('leaves the line that a call has put it in which read its record before it began', async () => {
    const { find } = ports.runs;
    // It is held up behind what it has read first; meanwhile the run has come so far, and another has its share.
    ports.runs.find = async (id) => {
      ports.runs.find = find;
      await review(ports, pipeline, asked);
      expect(await beginOther()).toBe('admitted');
      const { phase, ...record } = (await find.call(ports.runs, id))!;
      return { ...record, state: 'Triggered' };
    };
    await initialize(ports, pipeline, input);
    expect(await ports.leases.find(share)).toMatchObject({ holders: { [later.run]: expect.any(Number) }, waiting: {} });
    await compensate(ports, other, { ...later, error: { Error: 'InputMissingError' }, state: 'Extract' });
    const third = { ...stageInput(other, manual('third')), startedAt: '2026-01-03T00:00:00.000Z' };
    expect((await initialize(ports, other, third)).admission?.outcome).toBe('admitted');
  });

  test('goes on once it has all of it again, before those that started later', async () => {
    await review(ports, pipeline, asked);
    await beginOther();
    await decideReview(ports, { run, decision: 'approve', by: 'Ada' });
    expect((await resume(ports, pipeline, resumed)).admission).toEqual({ outcome: 'waiting', waitSeconds: 5 });
    const third = { ...stageInput(other, manual('third')), startedAt: '2026-01-03T00:00:00.000Z' };
    expect((await initialize(ports, other, third)).admission?.outcome).toBe('waiting');
    await compensate(ports, other, { ...later, error: { Error: 'InputMissingError' }, state: 'Extract' });
    expect((await initialize(ports, other, third)).admission?.outcome).toBe('waiting');
    for (const _ of ['once', 'and again'])
      expect((await resume(ports, pipeline, resumed)).admission).toEqual({ outcome: 'admitted' });
    expect(await holders(share)).toEqual([run]);
  });

  test.each([
    ['before', true],
    ['after', false],
  ])('keeps what it has taken again from a call that looks for it late: %s', async (_, early) => {
    const { find } = ports.leases;
    // Its review was entered, and the call is held up while it looks what to give back.
    ports.leases.find = async (name) => {
      const before = await find.call(ports.leases, name);
      ports.leases.find = find;
      await review(ports, pipeline, asked);
      await decideReview(ports, { run, decision: 'approve', by: 'Ada' });
      await resume(ports, pipeline, resumed);
      return early ? before : ports.leases.find(name);
    };
    await review(ports, pipeline, asked);
    expect(await holders(share)).toEqual([run]);
  });

  test('that has ended meanwhile leaves nothing behind', async () => {
    await review(ports, pipeline, asked);
    await beginOther();
    await decideReview(ports, { run, decision: 'approve', by: 'Ada' });
    await resume(ports, pipeline, resumed);
    await compensate(ports, pipeline, { ...input, error: { Error: 'States.Timeout' }, state: 'Execution' });
    expect((await ports.leases.find(share)).waiting).toEqual({});
    await expect(resume(ports, pipeline, resumed)).rejects.toMatchObject({ name: 'RunStateError', received: 'Failed' });
    expect((await ports.leases.find(share)).waiting).toEqual({});
    expect(await holders('pipeline/orders')).toEqual([]);
  });
});
