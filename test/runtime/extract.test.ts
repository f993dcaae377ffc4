import { readFileSync, rmSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Plan, SourceNode } from '../../lib/component/plan.ts';
import s3 from '../../lib/connectors/s3.ts';
import { chunkBytesFor } from '../../lib/core/chunk-bytes.ts';
import { cutText } from '../../lib/runtime/extract/cut-text.ts';
import { extract } from '../../lib/runtime/extract/extract.ts';
import { planChunks } from '../../lib/runtime/extract/plan-chunks.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import type { TriggerIdentity } from '../../lib/runtime/messages.ts';
import { fetchPart } from '../../lib/runtime/worker/fetch-part.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';
import { ordersPlan, ordersPipeline as pipeline } from '../fixtures/orders-plan.ts';
import { lineParquet } from '../fixtures/ports/line-engine.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runToEnd, stageInput, tableRows } from '../fixtures/run-machine.ts';

let ports: MemoryPorts;
beforeEach(() => {
  ports = memoryPorts();
  ports.objects.drop('reference/cities.csv', 'Rome,1');
});

const fileTrigger = (key: string, versionId: string): TriggerIdentity => ({
  kind: 'file',
  bucket: 'lake',
  key,
  versionId,
  size: 1,
  sequencer: '1',
});

async function extracted(trigger: TriggerIdentity) {
  const input = stageInput(pipeline, trigger);
  await initialize(ports, pipeline, input);
  const output = await extract(ports, pipeline, input);
  const items = ports.objects.json(output.stages.process!.manifest) as {
    inputs: { key: string; versionId: string }[];
  }[];
  return { input, output, files: items.flatMap((item) => item.inputs) };
}

describe('a run that a file started', () => {
  test('reads exactly the version that came, though a newer one and other files lie there', async () => {
    const versionId = ports.objects.drop('landing/orders/a b+ü.csv', 'Rome,1');
    ports.objects.drop('landing/orders/a b+ü.csv', 'Rome,2\nRome,3');
    ports.objects.drop('landing/orders/other.csv', 'Oslo,1');
    const { files, output } = await extracted(fileTrigger('landing/orders/a b+ü.csv', versionId));
    expect(files).toEqual([{ source: 'orders', key: 'landing/orders/a b+ü.csv', versionId, size: 6, file: 0 }]);
    expect(output).toMatchObject({ inputFiles: 1, inputBytes: 6, solo: true });
  });

  test('fails by name where that version is gone', async () => {
    ports.objects.drop('landing/orders/a.csv', 'Rome,1');
    await expect(extracted(fileTrigger('landing/orders/a.csv', 'never'))).rejects.toMatchObject({
      name: 'InputMissingError',
      disposition: 'terminal',
      received: 'landing/orders/a.csv in version never',
    });
  });

  test('fails by name where no source reads such a file', async () => {
    const versionId = ports.objects.drop('landing/elsewhere/a.csv', 'Rome,1');
    await expect(extracted(fileTrigger('landing/elsewhere/a.csv', versionId))).rejects.toThrow(/no source/);
  });

  test('has nothing to do where another run has published the file', async () => {
    const versionId = ports.objects.drop('landing/orders/a.csv', 'Rome,1');
    await runToEnd(ports, pipeline, stageInput(pipeline, manual()));
    const { output } = await extracted(fileTrigger('landing/orders/a.csv', versionId));
    expect(output.inputFiles).toBe(0);
  });
});

describe('a run on schedule or by hand', () => {
  test('reads every file below the prefix, and no folder marks', async () => {
    ports.objects.drop('landing/orders/', '');
    ports.objects.drop('landing/orders/2026/', '');
    ports.objects.drop('landing/orders/2026/a.csv', 'Rome,1');
    ports.objects.drop('landing/orders/empty.csv', '');
    ports.objects.drop('landing/orders-old/b.csv', 'Rome,1');
    const { files } = await extracted({ kind: 'schedule', time: '2026-01-01T00:00:00Z' });
    expect(files.map(({ key }) => key)).toEqual(['landing/orders/2026/a.csv', 'landing/orders/empty.csv']);
  });

  test('finds the same files when it is repeated, whatever has arrived since', async () => {
    ports.objects.drop('landing/orders/a.csv', 'Rome,1');
    const { input, output } = await extracted(manual());
    ports.objects.drop('landing/orders/a.csv', 'Rome,2');
    ports.objects.drop('landing/orders/b.csv', 'Oslo,1');
    expect(await extract(ports, pipeline, input)).toEqual(output);
  });

  test('takes up files of a run that failed', async () => {
    ports.objects.drop('landing/orders/a.csv', 'Rome,1');
    await extracted(manual('failed'));
    expect((await extracted(manual('again'))).output.inputFiles).toBe(1);
  });
});

describe('a reference', () => {
  test('that is missing ends the run by name', async () => {
    ports = memoryPorts();
    ports.objects.drop('landing/orders/a.csv', 'Rome,1');
    await expect(extracted(manual())).rejects.toMatchObject({
      name: 'InputMissingError',
      received: 'reference/cities.csv',
    });
  });

  test('is captured once, in the version that the run is pinned to', async () => {
    ports.objects.drop('landing/orders/a.csv', 'Rome,1');
    const { input } = await extracted(manual());
    ports.objects.drop('reference/cities.csv', 'Oslo,2');
    await extract(ports, pipeline, input);
    expect(ports.objects.text(`staged/orders/${input.run}/reference/cities.parquet`)).toBe('Rome,1');
    expect(await ports.runs.ledgerRecord(input.run, 'extract', 'cities')).toMatchObject({
      steps: [{ node: 'cities', rowsOut: 1 }],
    });
  });
});

test('a plan other than that of the run is refused', async () => {
  const input = { ...stageInput(pipeline, manual()), planDigest: 'other' };
  await expect(initialize(ports, pipeline, input)).rejects.toMatchObject({ name: 'PlanChangedError' });
  await expect(extract(ports, pipeline, input)).rejects.toMatchObject({ name: 'PlanChangedError' });
});

test('a run that was ended is not executed', async () => {
  ports.objects.drop('landing/orders/a.csv', 'Rome,1');
  const input = stageInput(pipeline, manual());
  await initialize(ports, pipeline, input);
  await ports.runs.change({ run: input.run, from: [{ state: 'Running' }], to: { state: 'Failed' }, at: 1 });
  await expect(extract(ports, pipeline, input)).rejects.toMatchObject({ name: 'RunStateError' });
});

describe('chunks', () => {
  const plan = (chunkBytes: number, partitions = 8): Plan => ({
    ...ordersPlan,
    resources: { ...ordersPlan.resources, chunkBytes, partitions },
  });
  const file = (size: number, key = `k${size}`) => ({ source: 'orders', key, versionId: 'v', size });
  const textOptions = { format: 'csv', delimiter: ',', quote: '"', header: true };
  const whole = { rowGroups: new Map(), parts: new Map() };
  const sizes = (chunks: ReturnType<typeof planChunks>) =>
    chunks.items.process!.map((item) => item.inputs!.map(({ size }) => size));

  test('are larger where there would be more than ten thousand small ones, as far as the memory goes', () => {
    const { workerMemoryMegabytes } = ordersPlan.resources;
    const resources = { workerMemoryMegabytes, chunkBytes: 1000 };
    expect(chunkBytesFor(resources, 10_000)).toBe(1000);
    expect(chunkBytesFor(resources, 10_000_000)).toBe(1000);
    expect(chunkBytesFor(resources, 100_000_000)).toBe(10_000);
    expect(chunkBytesFor(resources, 1e15)).toBe((workerMemoryMegabytes * 1024 * 1024) / 8);
  });

  test('are parts of a large text file, each with the header and the number of its first record', async () => {
    const lines = Array.from({ length: 50 }, (_, index) => `${index},"two\nlines"`);
    const content = `a,b\n${lines.join('\n')}\n`;
    ports.objects.drop('landing/orders/a.csv', content);
    const source = { ...(ordersPlan.nodes[0] as SourceNode), component: 's3', options: textOptions };
    const file = { source: 'orders', key: 'landing/orders/a.csv', size: Buffer.byteLength(content) };
    const code = { ...pipeline, components: { s3 } };
    const parts = await cutText(ports.objects, file, { pipeline: code, source, chunkBytes: 200 });
    expect(parts.length).toBe(Math.ceil(file.size / 200));
    const found: string[] = [];
    for (const part of parts) {
      expect(found.length).toBe(part.recordsBefore);
      const path = scratchFile('parts', '');
      rmSync(path);
      await fetchPart(ports, { ...file, file: 0, part }, path, new AbortController().signal);
      const text = readFileSync(path, 'utf8');
      expect(text.startsWith('a,b\n')).toBe(true);
      found.push(
        ...text
          .slice(4)
          .split(/\n(?=\d)/)
          .map((record) => record.trimEnd()),
      );
    }
    expect(found).toEqual(lines);
  });

  test('are arrays of their own, cut out of a large JSON array', async () => {
    const elements = Array.from({ length: 50 }, (_, a) => ({ a, b: 'a comma, a ] and a "' }));
    const content = ` [ ${elements.map((element) => JSON.stringify(element)).join(' ,\n')} ]\n`;
    ports.objects.drop('landing/orders/a.json', content);
    const options = { ...textOptions, format: 'json' };
    const source = { ...(ordersPlan.nodes[0] as SourceNode), component: 's3', options };
    const file = { source: 'orders', key: 'landing/orders/a.json', size: Buffer.byteLength(content) };
    const request = { pipeline: { ...pipeline, components: { s3 } }, source, chunkBytes: 200 };
    const parts = await cutText(ports.objects, file, request);
    expect(parts.length).toBeGreaterThan(5);
    const found: unknown[] = [];
    for (const part of parts) {
      expect(found.length).toBe(part.recordsBefore);
      const path = scratchFile('parts', '');
      rmSync(path);
      await fetchPart(ports, { ...file, file: 0, part }, path, new AbortController().signal);
      found.push(...JSON.parse(readFileSync(path, 'utf8')));
    }
    expect(found).toEqual(elements);
  });

  test.each([
    ['a file packed by gzip', gzipSync('a,b\n1,2\n'), 'csv'],
    ['a file packed by zstd', zstdCompressSync('a,b\n1,2\n'), 'csv'],
    ['a JSON file that is no array', Buffer.from('{"a":1},{"a":2}'), 'json'],
  ])('leave %s whole', async (_, content, format) => {
    ports.objects.drop('landing/orders/a', content);
    const source = { ...(ordersPlan.nodes[0] as SourceNode), component: 's3', options: { ...textOptions, format } };
    const file = { source: 'orders', key: 'landing/orders/a', size: content.length };
    const request = { pipeline: { ...pipeline, components: { s3 } }, source, chunkBytes: 4 };
    expect(await cutText(ports.objects, file, request)).toEqual([]);
  });

  test('are one for all where everything fits in one', () => {
    const chunks = planChunks(plan(100), [file(60), file(40)], whole);
    expect(chunks.solo).toBe(true);
    expect(sizes(chunks)).toEqual([[60, 40]]);
    expect(chunks.items['reduce-1']).toEqual([]);
  });

  test('hold neighbouring files up to their size; larger files stand alone', () => {
    const chunks = planChunks(plan(100), [file(60), file(30), file(20), file(500), file(1)], whole);
    expect(chunks.solo).toBe(false);
    expect(sizes(chunks)).toEqual([[60, 30], [20], [500], [1]]);
    expect(chunks.items.process!.map(({ chunk }) => chunk)).toEqual(['000000', '000001', '000002', '000003']);
    expect(chunks.items.process!.flatMap((item) => item.inputs!.map((one) => one.file))).toEqual([0, 1, 2, 3, 4]);
  });

  test("have as many partitions as the input has chunks' worth, up to the plan's limit", () => {
    expect(planChunks(plan(100), [file(250)], whole).items['reduce-1']).toHaveLength(3);
    expect(planChunks(plan(100, 2), [file(2500)], whole).items['reduce-1']).toHaveLength(2);
    expect(planChunks(plan(100), [file(2500)], whole).items.process![0]!.partitions).toBe(8);
  });

  test('of a large Parquet file are its row groups, packed, and cover every row once', () => {
    const groups = [40, 50, 120, 10, 10].map((bytes, index) => ({
      rows: index + 1,
      bytes: { from: index * 1000, to: index * 1000 + bytes },
    }));
    const chunks = planChunks(plan(100), [file(250)], { ...whole, rowGroups: new Map([[0, groups]]) });
    expect(chunks.items.process!.map((item) => item.inputs!.map(({ rows }) => rows))).toEqual([
      [{ from: 0, to: 3 }],
      [{ from: 3, to: 6 }],
      [{ from: 6, to: 15 }],
    ]);
  });

  test('of very many tiny files stay small enough for a message and a state', () => {
    const files = Array.from({ length: 100_000 }, (_, n) => file(1, `landing/orders/${'x'.repeat(100)}/${n}.csv`));
    const chunks = planChunks(plan(1_000_000), files, whole);
    expect(chunks.solo).toBe(false);
    const bytes = chunks.items.process!.map((item) => JSON.stringify(item).length);
    expect(Math.max(...bytes)).toBeLessThan(50_000);
    expect(sizes(chunks).flat()).toHaveLength(100_000);
  });

  test('of no input are none', () => {
    expect(planChunks(plan(100), [], whole)).toEqual({ solo: true, items: { process: [], 'reduce-1': [] } });
  });
});

test('only the footer of a large Parquet file is read to cut it', async () => {
  const lines = Array.from({ length: 20_000 }, (_, n) => `Rome,${n + 1}`);
  const body = lineParquet([lines.slice(0, 10_000), lines.slice(10_000)]);
  ports.objects.drop('landing/orders/big.parquet', body);
  const { output } = await extracted(manual());
  expect(output.stages.process!.chunks).toBe(2);
  expect(ports.objects.bytesRead.get('landing/orders/big.parquet')).toBeLessThanOrEqual(64 * 1024);
});

test('a chunk of a large file fetches its share of it', async () => {
  const lines = Array.from({ length: 60_000 }, (_, n) => `Rome,${n + 1}`);
  const groups = Array.from({ length: 6 }, (_, n) => lines.slice(n * 10_000, (n + 1) * 10_000));
  const body = lineParquet(groups);
  ports.objects.drop('landing/orders/big.parquet', body);
  await runToEnd(ports, pipeline, stageInput(pipeline, manual()));
  const footers = 64 * 1024 * 7;
  expect(ports.objects.bytesRead.get('landing/orders/big.parquet')).toBeLessThan(body.length + footers + 7 * 1024);
  expect(await tableRows(ports, 'totals')).toEqual([`Rome,${(60_000 * 60_001) / 2}`]);
});
