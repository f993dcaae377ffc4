import { beforeEach, describe, expect, test } from 'vitest';
import { day } from '../../lib/core/durations.ts';
import { compensate } from '../../lib/runtime/compensate.ts';
import { concludeRun } from '../../lib/runtime/conclude-run.ts';
import { endRun } from '../../lib/runtime/end-run.ts';
import { extract } from '../../lib/runtime/extract/extract.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import { redriveRun } from '../../lib/runtime/operate/redrive-run.ts';
import { releaseKept } from '../../lib/runtime/release-kept.ts';
import { work } from '../../lib/runtime/worker/work.ts';
import { ordersPipeline } from '../fixtures/orders-plan.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { chunkMessages, manual, runToEnd, runToGate, stageInput, tableRows } from '../fixtures/run-machine.ts';

let ports: MemoryPorts;
/** Stages of the chunks that were computed. */
let computed: string[];
const input = stageInput(ordersPipeline, manual());
const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:penstock-orders';
const error = { Error: 'ServiceUnavailableError', Cause: 'the lake is away' };

beforeEach(() => {
  computed = [];
  const all = memoryPorts();
  const executeChunk: typeof all.engine.executeChunk = (request) => {
    computed.push(request.stage);
    return all.engine.executeChunk(request);
  };
  ports = { ...all, engine: { ...all.engine, executeChunk } };
  ports.objects.drop('reference/cities.csv', 'Rome,1');
  for (const file of ['a', 'b', 'c', 'd', 'e', 'f'])
    ports.objects.drop(`landing/orders/${file}.csv`, `Rome,${file.charCodeAt(0)}\nOslo,${file.charCodeAt(0)}\nbad`);
});

const redrive = () => redriveRun(ports, { run: input.run, stateMachineArn, by: 'ada' });
const record = async () => (await ports.runs.find(input.run))!;

/** Fails between its two stages. */
async function failedHalfWay() {
  await initialize(ports, ordersPipeline, input);
  const extracted = await extract(ports, ordersPipeline, input);
  for (const message of await chunkMessages(ports, input, extracted, 'process'))
    await work(ports, ordersPipeline, JSON.stringify(message));
  await compensate(ports, ordersPipeline, { ...input, error, state: 'Aggregate by city' });
}

const failed = (redriveCount: number) => ({
  ...{ name: input.run, status: 'FAILED' as const, startDate: Date.parse(input.startedAt), redriveCount },
  ...{ input: null, error: error.Error, cause: null },
});

describe('redriving', () => {
  test('does what is missing, and nothing that was done, and leaves each row once', async () => {
    await failedHalfWay();
    expect(await record()).toMatchObject({ state: 'Failed', phase: 'Kept' });
    expect(await tableRows(ports, 'orders')).toEqual([]);
    await expect(concludeRun(ports, { ...input, error, concludes: true })).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringContaining('the lake is away'),
    });
    const before = computed.splice(0);
    await redrive();
    expect(ports.executions.redriven).toEqual([input.run]);
    expect(await record()).toMatchObject({ state: 'Running', phase: 'Retrying', redrives: 1 });
    expect(await concludeRun(ports, { ...input, error, concludes: true })).toEqual({ redriven: true });
    await runToEnd(ports, ordersPipeline, input);
    expect(new Set(before)).toEqual(new Set(['process']));
    expect(new Set(computed)).toEqual(new Set(['reduce-1']));
    const { state, failure, totals } = await record();
    expect([state, failure, totals]).toMatchObject(['Completed', undefined, { rowsIn: 18, rejected: 6 }]);
    expect(await tableRows(ports, 'orders')).toHaveLength(12);
    expect(ports.audit.entries).toMatchObject([{ action: 'redrive', by: 'ada', run: input.run }]);
    expect(ports.bus.events.map(({ type }) => type)).toContain('PipelineRetrying');
  });

  test('leaves the lineage of each end: that of the failure, and that of the run as it is', async () => {
    await failedHalfWay();
    await redrive();
    await runToEnd(ports, ordersPipeline, input);
    const endOf = (name: string) => ports.objects.json(`reports/orders/${input.run}${name}`).at(-1).eventType;
    expect([endOf('.openlineage.json'), endOf('.redriven-1.openlineage.json')]).toEqual(['FAIL', 'COMPLETE']);
    expect(ports.bus.events.findLast(({ type }) => type === 'LineageRecorded')!.detail).toMatchObject({
      eventType: 'COMPLETE',
      lineage: `reports/orders/${input.run}.redriven-1.openlineage.json`,
    });
  });

  test('is not undone by late news of the attempt before, and is by news of its own', async () => {
    await failedHalfWay();
    await redrive();
    expect(await endRun(ports, ordersPipeline, failed(0))).toEqual({ state: 'kept' });
    expect(await record()).toMatchObject({ phase: 'Retrying' });
    await endRun(ports, ordersPipeline, failed(1));
    expect(await record()).toMatchObject({ state: 'Failed', failure: { state: 'the run as a whole' } });
    expect(ports.objects.keys('curated/')).toEqual([]);
  });

  test('that was cut short goes on when it is asked for again', async () => {
    await failedHalfWay();
    const { redrive: whole } = ports.executions;
    ports.executions.redrive = () => Promise.reject(new Error('killed'));
    await expect(redrive()).rejects.toThrow('killed');
    ports.executions.redrive = whole;
    await redrive();
    expect(ports.executions.redriven).toEqual([input.run]);
    expect(await record()).toMatchObject({ phase: 'Retrying', redrives: 1 });
  });

  test('changes nothing where Step Functions does not go on', async () => {
    await failedHalfWay();
    ports.executions.redrive = async () => ({ refused: 'Execution redrivable period exceeded' });
    await expect(redrive()).rejects.toMatchObject({
      name: 'RunStateError',
      received: 'Failed: Execution redrivable period exceeded',
    });
    expect(await record()).toMatchObject({ state: 'Failed', phase: 'Kept', failure: { error: error.Error } });
    expect(ports.audit.entries).toMatchObject([
      { action: 'redrive', by: 'ada' },
      { action: 'redrive', by: 'ada', detail: { refused: 'Execution redrivable period exceeded' } },
    ]);
  });

  test('is refused where what was staged could be gone before the run has ended', async () => {
    await failedHalfWay();
    await ports.clock.sleep(15 * day);
    await expect(redrive()).rejects.toMatchObject({
      name: 'RunStateError',
      received: 'staged 15 days ago',
      change: expect.stringContaining('run retry'),
    });
    expect(await record()).toMatchObject({ state: 'Failed', phase: 'Kept' });
    expect(ports.executions.redriven).toEqual([]);
  });

  test.each([
    ['has completed', () => runToEnd(ports, ordersPipeline, input), /^Completed/, 'replay its rejects'],
    ['goes on', () => runToGate(ports, ordersPipeline, input), /^Running/, 'wait for its end'],
    [
      'failed of its data',
      async () => {
        await runToGate(ports, ordersPipeline, input);
        const rejected = { Error: 'ReviewRejectedError' };
        await compensate(ports, ordersPipeline, { ...input, error: rejected, state: 'Await review' });
      },
      /^Failed after ReviewRejectedError/,
      'run retry',
    ],
  ])('a run that %s is refused, and nothing is changed', async (_, prepare, received, change) => {
    await prepare();
    const before = await record();
    await expect(redrive()).rejects.toMatchObject({
      name: 'RunStateError',
      problem: expect.stringContaining(input.run),
      received: expect.stringMatching(received),
      allowed: expect.anything(),
      change: expect.stringContaining(change),
    });
    expect(await record()).toEqual(before);
    expect([...ports.executions.redriven, ...ports.audit.entries]).toEqual([]);
  });
});

describe('what is kept for a redrive', () => {
  const expired = { specversion: '1.0', pipeline: input.pipeline, run: input.run } as const;

  test('goes away when its time is over, and then no redrive begins', async () => {
    await failedHalfWay();
    expect(ports.runs.kept.get(input.run)).toBeGreaterThan(Date.UTC(2026, 0, 14));
    expect(ports.objects.keys('curated/')).not.toEqual([]);
    expect(await releaseKept(ports, ordersPipeline, expired)).toEqual({ released: true });
    expect(ports.objects.keys('curated/')).toEqual([]);
    await expect(redrive()).rejects.toMatchObject({ received: 'Failed after ServiceUnavailableError' });
    expect(ports.bus.events.at(-1)).toMatchObject({ type: 'DataReleased' });
  });

  test('stays where a redrive has begun', async () => {
    await failedHalfWay();
    await redrive();
    expect(await releaseKept(ports, ordersPipeline, expired)).toEqual({ released: false });
    expect(ports.objects.keys('curated/')).not.toEqual([]);
  });
});
