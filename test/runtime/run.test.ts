import { beforeEach, describe, expect, test } from 'vitest';
import { ordersPipeline } from '../fixtures/orders-plan.ts';
import { lineParquet } from '../fixtures/ports/line-engine.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runToEnd, stageInput, tableRows } from '../fixtures/run-machine.ts';

let ports: MemoryPorts;

beforeEach(() => {
  ports = memoryPorts();
  ports.objects.drop('reference/cities.csv', 'Rome,1\nOslo,2');
});

test('a small input runs as one chunk and ends in both tables', async () => {
  ports.objects.drop('landing/orders/a.csv', 'Rome,5\nOslo,0\nnonsense\nRome,2');
  const input = stageInput(ordersPipeline, manual());
  const { extracted } = await runToEnd(ports, ordersPipeline, input);
  expect(extracted.solo).toBe(true);
  expect(await tableRows(ports, 'orders')).toEqual(['Rome,2', 'Rome,5']);
  expect(await tableRows(ports, 'totals')).toEqual(['Rome,7']);
  const record = await ports.runs.find(input.run);
  expect(record).toMatchObject({
    state: 'Completed',
    totals: { inputFiles: 1, rowsIn: 4, rejected: 1, filtered: 1, merged: 1, tables: { orders: 2, totals: 1 } },
  });
  expect(record?.transitions.map(({ state, phase }) => phase ?? state)).toEqual([
    'Triggered',
    'Initializing',
    'Executing',
    'Assessing',
    'Completing',
    'Completed',
  ]);
  expect(ports.objects.text(`rejects/orders/run=${input.run}/process-000000.parquet`)).toBe('nonsense');
});

test('a larger input is cut into chunks whose rows meet by key', async () => {
  for (let file = 0; file < 10; file++) {
    ports.objects.drop(
      `landing/orders/${file}.csv`,
      [`Rome,${file + 1}`, `Oslo,${file + 2}`, `Bonn,${file}`, 'what?'].join('\n'),
    );
  }
  const input = stageInput(ordersPipeline, manual());
  const { extracted } = await runToEnd(ports, ordersPipeline, input);
  expect(extracted).toMatchObject({ solo: false, inputFiles: 10 });
  expect(extracted.stages['reduce-1']!.chunks).toBe(3);
  expect(await tableRows(ports, 'totals')).toEqual(['Bonn,45', 'Oslo,65', 'Rome,55']);
  expect((await ports.runs.find(input.run))?.totals).toMatchObject({
    rowsIn: 40,
    rejected: 10,
    filtered: 1,
    merged: 26,
  });
});

test('a large Parquet file is cut between row groups, and a chunk fetches only its own', async () => {
  const groups = ['Rome', 'Oslo', 'Bonn', 'Kiel'].map((city) =>
    Array.from({ length: 8 }, (_, n) => `${city},${n + 1}`),
  );
  const body = lineParquet(groups);
  ports.objects.drop('landing/orders/big.parquet', body);
  const input = stageInput(ordersPipeline, manual());
  const { extracted } = await runToEnd(ports, ordersPipeline, input);
  expect(extracted.stages.process!.chunks).toBe(4);
  expect(await tableRows(ports, 'totals')).toEqual(['Bonn,36', 'Kiel,36', 'Oslo,36', 'Rome,36']);
  expect((await ports.runs.find(input.run))?.totals).toMatchObject({ rowsIn: 32, rejected: 0 });
});

describe('a run without input', () => {
  test('is completed with zero rows and leaves the tables as they are', async () => {
    ports.objects.drop('landing/orders/a.csv', 'Rome,5');
    await runToEnd(ports, ordersPipeline, stageInput(ordersPipeline, manual('first')));
    const input = stageInput(ordersPipeline, manual('second'));
    const { extracted, assessed } = await runToEnd(ports, ordersPipeline, input);
    expect(extracted).toMatchObject({
      inputFiles: 0,
      solo: true,
      stages: { process: { chunks: 0 }, 'reduce-1': { chunks: 0 } },
    });
    expect(assessed).toMatchObject({ gate: 'pass', score: 1 });
    expect(await ports.runs.find(input.run)).toMatchObject({ state: 'Completed', totals: { rowsIn: 0 } });
    expect(await tableRows(ports, 'totals')).toEqual(['Rome,5']);
  });

  test('differs from a run over an empty file, which replaces by nothing', async () => {
    ports.objects.drop('landing/orders/a.csv', 'Rome,5');
    await runToEnd(ports, ordersPipeline, stageInput(ordersPipeline, manual('first')));
    ports.objects.drop('landing/orders/b.csv', '');
    await runToEnd(ports, ordersPipeline, stageInput(ordersPipeline, manual('second')));
    expect(await tableRows(ports, 'orders')).toEqual(['Rome,5']);
    expect(await tableRows(ports, 'totals')).toEqual([]);
  });
});

test('a later run takes only files that no run has published', async () => {
  ports.objects.drop('landing/orders/a.csv', 'Rome,5');
  await runToEnd(ports, ordersPipeline, stageInput(ordersPipeline, manual('first')));
  ports.objects.drop('landing/orders/b.csv', 'Oslo,1');
  await runToEnd(ports, ordersPipeline, stageInput(ordersPipeline, manual('second')));
  expect(await tableRows(ports, 'orders')).toEqual(['Oslo,1', 'Rome,5']);
  expect((await ports.tables.pointer('orders')).version).toBe(2);
});

test('a new version of a published file is a new file', async () => {
  ports.objects.drop('landing/orders/a.csv', 'Rome,5');
  await runToEnd(ports, ordersPipeline, stageInput(ordersPipeline, manual('first')));
  ports.objects.drop('landing/orders/a.csv', 'Rome,6');
  await runToEnd(ports, ordersPipeline, stageInput(ordersPipeline, manual('second')));
  expect(await tableRows(ports, 'orders')).toEqual(['Rome,5', 'Rome,6']);
});
