import { beforeEach, describe, expect, test } from 'vitest';
import type { Fallback } from '../../lib/component/plan.ts';
import { assess } from '../../lib/runtime/assess/assess.ts';
import { eventCatalogue } from '../../lib/runtime/events/catalogue.ts';
import { extract } from '../../lib/runtime/extract/extract.ts';
import { planChunks } from '../../lib/runtime/extract/plan-chunks.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import type { PipelineCode } from '../../lib/runtime/pipeline-code.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { work } from '../../lib/runtime/worker/work.ts';
import { ordersPipeline } from '../fixtures/orders-plan.ts';
import { lineEngine } from '../fixtures/ports/line-engine.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runChunks, runToEnd, stageInput } from '../fixtures/run-machine.ts';

let ports: MemoryPorts;
let file = 0;

beforeEach(() => {
  ports = memoryPorts();
});

/** The pipeline of orders, with a fallback for its cities. */
function pipelineWith(fallback: Fallback | undefined): PipelineCode {
  const { plan } = ordersPipeline;
  const nodes = plan.nodes.map((node) => (node.id === 'cities' ? { ...node, ...(fallback && { fallback }) } : node));
  return { ...ordersPipeline, plan: { ...plan, nodes } as typeof plan };
}

function dropOrders(): void {
  ports.objects.drop(`landing/orders/${file++}.csv`, 'Rome,1\nOslo,2');
}

/** A run as the machine drives it: once Extract has failed it is asked again, with what stands in for sources. */
async function run(pipeline: PipelineCode, name: string) {
  dropOrders();
  const input = stageInput(pipeline, manual(name));
  await initialize(ports, pipeline, input);
  let failure: unknown;
  const first = await extract(ports, pipeline, input).catch((error) => {
    failure = error;
  });
  const extracted = first ?? (await extract(ports, pipeline, { ...input, fallback: true }));
  await runChunks(ports, pipeline, input, extracted);
  await assess(ports, pipeline, input);
  await publish(ports, pipeline, input);
  await commit(ports, pipeline, input);
  const record = (await ports.runs.find(input.run))!;
  const ledger = (await ports.runs.ledgerRecord(input.run, 'extract', 'cities'))!;
  return { input, failure, record, ledger, report: ports.objects.json(`reports/orders/${input.run}.json`) };
}

const reference = (rows: string) => ports.objects.drop('reference/cities.csv', rows);

describe('a source that is there', () => {
  test('is read, whatever its fallback', async () => {
    reference('Rome,1');
    const { failure, record, ledger, report } = await run(pipelineWith('empty'), 'there');
    expect(failure).toBeUndefined();
    expect(record).toMatchObject({ state: 'Completed' });
    for (const place of [record, ledger, report]) expect(place.fallbacks).toBeUndefined();
  });

  test('is not replaced before its attempts are spent, and never where the pipeline says nothing', async () => {
    dropOrders();
    for (const pipeline of [pipelineWith('empty'), pipelineWith(undefined)]) {
      const input = stageInput(pipeline, manual(`not ${pipeline.plan.nodes.length}`));
      await initialize(ports, pipeline, input);
      await expect(extract(ports, pipeline, input)).rejects.toMatchObject({ name: 'InputMissingError' });
    }
    const input = stageInput(pipelineWith(undefined), manual('x'));
    await initialize(ports, pipelineWith(undefined), input);
    const again = extract(ports, pipelineWith(undefined), { ...input, fallback: true });
    await expect(again).rejects.toMatchObject({ name: 'InputMissingError' });
  });
});

describe('a source that is gone', () => {
  test('counts as empty, which the ledger, the report, the run and an event say', async () => {
    const { failure, record, ledger, report, input } = await run(pipelineWith('empty'), 'gone');
    expect(failure).toMatchObject({ name: 'InputMissingError' });
    const use = { source: 'cities', used: 'empty', files: 0, error: 'InputMissingError' };
    expect(record).toMatchObject({ state: 'Completed', fallbacks: [use] });
    expect(ledger.fallbacks).toMatchObject([use]);
    expect(ledger.steps).toMatchObject([{ node: 'cities', rowsIn: 0, rowsOut: 0 }]);
    expect(report).toMatchObject({ fallbacks: [use] });
    expect(ports.objects.text(`reports/orders/${input.run}.html`)).toContain('Sources that were not read');
    const [event] = ports.bus.events.filter(({ type }) => type === 'FallbackUsed');
    expect(event).toMatchObject({ pipeline: 'orders', run: input.run, detail: use });
    expect(() => eventCatalogue.FallbackUsed.parse(event!.detail)).not.toThrow();
  });

  test('is replaced by another one, whose rows are counted like its own', async () => {
    ports.objects.drop('reference/copy.csv', 'Rome,1\nOslo,2\nKiel,3');
    const other = { component: 's3', options: { key: 'reference/copy.csv' } };
    const { record, ledger } = await run(pipelineWith(other), 'other');
    expect(record.fallbacks).toMatchObject([{ used: 'source', component: 's3', files: 1 }]);
    expect(ledger.steps).toMatchObject([{ node: 'cities', rowsIn: 3, rowsOut: 3 }]);
  });

  test('fails the run where the other one is gone, too', async () => {
    const other = { component: 's3', options: { key: 'reference/copy.csv' } };
    await expect(run(pipelineWith(other), 'neither')).rejects.toMatchObject({
      name: 'InputMissingError',
      problem: expect.stringContaining('no file either'),
    });
  });
});

describe('the other side of a join that is gone', () => {
  const joined = (options: object, fallback?: Fallback): PipelineCode => {
    const pipeline = pipelineWith(fallback);
    const nodes = pipeline.plan.nodes.map((node) =>
      node.id === 'cities' ? { ...node, use: 'whole', options: { format: 'csv', ...options } } : node,
    );
    return { ...pipeline, plan: { ...pipeline.plan, nodes } as typeof pipeline.plan };
  };
  const extracted = async (pipeline: PipelineCode, spent?: true) => {
    dropOrders();
    const input = stageInput(pipeline, manual('joined'));
    await initialize(ports, pipeline, input);
    await extract(ports, pipeline, { ...input, ...(spent && { fallback: spent }) });
    return (await ports.runs.find(input.run))!.fallbacks;
  };
  const file = { key: 'reference/cities.csv' };
  const folder = { prefix: 'reference/cities/' };

  test.each<[string, object, Fallback | undefined]>([
    ['a file', file, undefined],
    ['a file that something stands in for', file, 'last-good'],
    ['a folder that something stands in for', folder, 'empty'],
  ])('fails the run: %s', async (_, options, fallback) => {
    await expect(extracted(joined(options, fallback))).rejects.toMatchObject({ name: 'InputMissingError' });
  });

  test.each([file, folder])('is replaced once its attempts are spent', async (options) => {
    expect(await extracted(joined(options, 'empty'), true)).toMatchObject([
      { source: 'cities', used: 'empty', error: 'InputMissingError' },
    ]);
  });

  test('is empty where it is a folder that nothing has come to yet', async () => {
    expect(await extracted(joined(folder))).toBeUndefined();
  });
});

describe('the last good copy', () => {
  /** A file that the engine cannot read. */
  function breakOn(text: string): void {
    const { captureReference } = lineEngine;
    ports.engine = {
      ...lineEngine,
      async captureReference(request) {
        const result = await captureReference(request);
        const lines = request.inputs.length > 0 && (await ports.objects.readText('reference/cities.csv'));
        const current = request.inputs.some(({ version }) => version === versions.at(-1));
        if (current && lines === text) throw new TypeError('this is no city');
        return result;
      },
    };
  }
  let versions: string[];
  beforeEach(() => {
    versions = [];
  });

  test('is the version that the last completed run has read', async () => {
    const pipeline = pipelineWith('last-good');
    versions.push(reference('Rome,1\nOslo,2'));
    const good = await run(pipeline, 'good');
    versions.push(reference('broken'));
    breakOn('broken');
    const { failure, record, ledger } = await run(pipeline, 'broken');
    expect(failure).toMatchObject({ name: 'TypeError' });
    const use = { source: 'cities', used: 'last-good', run: good.input.run, files: 1, error: 'TypeError' };
    expect(record).toMatchObject({ state: 'Completed', fallbacks: [use] });
    expect(ledger.fallbacks).toMatchObject([use]);
    expect(ledger.steps).toMatchObject([{ rowsIn: 2 }]);
    // The text of an error that is not ours may quote rows.
    expect(JSON.stringify(record)).not.toContain('this is no city');

    const third = await run(pipeline, 'broken again');
    expect(third.record.fallbacks).toMatchObject([{ used: 'last-good', run: record.run, files: 1 }]);
    expect(third.ledger.steps).toMatchObject([{ rowsIn: 2 }]);
  });

  test('is found again by an Extract that is repeated', async () => {
    const pipeline = pipelineWith('last-good');
    versions.push(reference('Rome,1'));
    await run(pipeline, 'good');
    versions.push(reference('broken'));
    breakOn('broken');
    dropOrders();
    const input = stageInput(pipeline, manual('repeated'));
    await initialize(ports, pipeline, input);
    const once = await extract(ports, pipeline, { ...input, fallback: true });
    const { fallbacks } = (await ports.runs.find(input.run))!;
    expect(await extract(ports, pipeline, { ...input, fallback: true })).toEqual(once);
    expect((await ports.runs.find(input.run))!.fallbacks).toEqual(fallbacks);
    expect(fallbacks).toHaveLength(1);
  });

  test('is not there before a run has completed', async () => {
    await expect(run(pipelineWith('last-good'), 'first')).rejects.toMatchObject({
      problem: 'no completed run has read the source "cities" yet, so there is no good copy of it',
    });
  });
});

test('chunks of files that stand in for others say so, as does their place in the ledger', async () => {
  const use = { source: 'orders', used: 'source', component: 's3', files: 1, error: 'X', reason: 'x' } as const;
  const files = [{ source: 'orders', key: 'landing/copy/a.csv', size: 5 }];
  const cuts = { rowGroups: new Map(), parts: new Map() };
  const { items } = planChunks(ordersPipeline.plan, files, cuts, { fallbacks: [use, { ...use, source: 'others' }] });
  expect(items.process).toMatchObject([{ chunk: '000000', instead: ['orders'] }]);

  ports.objects.drop('landing/copy/a.csv', 'Rome,1');
  reference('Rome,1');
  dropOrders();
  const input = stageInput(ordersPipeline, manual('chunk'));
  await initialize(ports, ordersPipeline, input);
  await extract(ports, ordersPipeline, input);
  await work(ports, ordersPipeline, JSON.stringify({ ...input, taskToken: 't', item: items.process![0] }));
  expect(await ports.runs.ledgerRecord(input.run, 'process', '000000')).toMatchObject({ instead: ['orders'] });
});

test('a pipeline without fallbacks notes nothing beside its reports', async () => {
  reference('Rome,1');
  dropOrders();
  await runToEnd(ports, ordersPipeline, stageInput(ordersPipeline, manual('plain')));
  expect(ports.objects.keys('reports/orders/inputs/')).toEqual([]);
});
