import { beforeAll, describe, expect, it, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import type { Plan } from '../../lib/component/plan.ts';
import { aggregate, deduplicate, from, join, lake, pipeline, rank, s3, table } from '../../lib/index.ts';
import { estimateRun } from '../../lib/infra/index.ts';

const MB = 1e6;
const TB = 1e12;
const chunkBytes = 64 * 1024 * 1024;

let rowByRow: Plan;
let wide: Plan;
const estimate = (plan: Plan, bytes: number) => estimateRun(plan, { bytes, format: 'csv' });

/** Reads the numbers and signs of arithmetic, and nothing else of it. */
function expectGives(arithmetic: string, result: number): void {
  const sum = arithmetic
    .replace(/^a chunk of [\w-]+: /, '')
    .replace(/\(.*?\)/g, '')
    .replace(/ \d+ functions of a run/, '')
    .replace(/(of|chunks of|workers of) [\w-]+/g, '')
    .replace(/[^\d.×÷+ ]/g, '');
  const value = sum
    .split('+')
    .map((part) =>
      part
        .split('×')
        .map((factor) =>
          factor
            .split('÷')
            .map(Number)
            .reduce((a, b) => a / b),
        )
        .reduce((a, b) => a * b),
    )
    .reduce((a, b) => a + b, 0);
  expect(Math.abs(value / result - 1), `${arithmetic} is ${value}, not ${result}`).toBeLessThan(0.003);
}

beforeAll(async () => {
  const orders = from(s3({ prefix: 'landing/orders/', format: 'csv' }), z.object({ id: z.int(), day: z.iso.date() }));
  rowByRow = await compile(
    pipeline('row-by-row', { outputs: [orders.to(lake({ table: 'orders', partitionBy: ['day'] }))] }),
  );
  const once = orders.pipe(deduplicate({ key: ['id'] }));
  const days = once.pipe(aggregate({ by: ['day'], measures: { orders: 'count(*)' } }));
  wide = await compile(
    pipeline('wide', { outputs: [once.to(lake({ table: 'orders' })), days.to(lake({ table: 'days' }))] }),
  );
});

describe('the work of a run', () => {
  it('is one chunk for all stages where the input fits in one', () => {
    const { solo, stages } = estimate(wide, chunkBytes);
    expect([solo, stages.map(({ stage, chunks }) => [stage, chunks])]).toEqual([true, [['process', 1]]]);
  });

  it('is as many chunks as the input fills, and partitions up to their limit', () => {
    const { solo, stages } = estimate(wide, 10 * chunkBytes + 1);
    expect(solo).toBe(false);
    expect(stages.map(({ stage, chunks }) => [stage, chunks])).toEqual([
      ['process', 11],
      ['reduce-1', 11],
      ['reduce-2', 11],
    ]);
    expect(estimate(wide, TB).stages.map(({ chunks }) => chunks)).toEqual([2_537, 256, 256]);
  });

  it('shows arithmetic that gives what it says, worked out by hand', () => {
    for (const plan of [rowByRow, wide]) {
      const { stages, items, quotas } = estimate(plan, TB);
      for (const { chunkSeconds, arithmetic } of stages) expectGives(arithmetic, chunkSeconds);
      for (const { what, arithmetic, quantity } of items)
        if (!/^(Lambda disk|EventBridge)$/.test(what)) expectGives(arithmetic, quantity);
      const shown = quotas.filter(({ quota }) => /time of|executions|disk/.test(quota));
      for (const { used, unit, arithmetic } of shown) expectGives(arithmetic, unit === 'bytes' ? used / MB : used);
    }
  });

  it('takes as long as its waves of chunks', () => {
    const { stages } = estimate(rowByRow, TB);
    const [{ chunks, concurrency, chunkSeconds, seconds }] = stages as [(typeof stages)[number]];
    expect([chunks, concurrency]).toEqual([2_537, 16]);
    expect(seconds).toBeCloseTo(Math.ceil(2_537 / 16) * chunkSeconds);
  });

  it('is one full chunk where all rows meet, whatever the partitions, and hardly any where all are one sum', async () => {
    const orders = from(s3({ prefix: 'landing/orders/', format: 'csv' }), z.object({ id: z.int() }));
    const planOf = (dataset: typeof orders) =>
      compile(pipeline('together', { outputs: [dataset.to(lake({ table: 'orders' }))] }));
    const ranked = await planOf(orders.pipe(rank({ by: [], order: ['id'], as: 'place' })));
    const { stages, first, items } = estimate(ranked, TB);
    const [before, behind] = stages as [(typeof stages)[number], (typeof stages)[number]];
    expect([behind.chunks, behind.empty]).toEqual([256, 255]);
    expect(behind.bytesIn).toBeCloseTo(before.bytesOut * before.chunks);
    expectGives(behind.arithmetic, behind.chunkSeconds);
    expect(behind.seconds).toBeGreaterThan(behind.chunkSeconds);
    for (const { what, arithmetic, quantity } of items)
      if (/^(Lambda workers|S3 writes)$/.test(what)) expectGives(arithmetic, quantity);
    expect(first).toMatchObject({ change: expect.stringContaining('all of them meet in one chunk') });
    const total = await planOf(orders.pipe(aggregate({ by: [], measures: { id: 'count(*)' } })));
    expect(estimate(total, TB).stages[1]!.bytesIn).toBeLessThan(10 * MB);
    const groups = orders.pipe(aggregate({ by: ['id'], measures: { n: 'count(*)' } }));
    const rankedGroups = await planOf(groups.pipe(rank({ by: [], order: ['n'], as: 'place' })));
    const { stages: stagesOfGroups, assumes } = estimate(rankedGroups, TB);
    expect(stagesOfGroups[2]!.bytesIn).toBeCloseTo(behind.bytesIn / 100);
    expect(assumes).toContainEqual(expect.stringContaining('a hundredth'));
    // What is ranked first was not grouped.
    const once = orders.pipe(deduplicate({ key: ['id'] }), rank({ by: [], order: ['id'], as: 'place' }));
    expect(estimate(await planOf(once), TB).stages[2]!.bytesIn).toBeCloseTo(behind.bytesIn);
  });

  it('never shrinks as the input grows', () => {
    for (const plan of [rowByRow, wide]) {
      const runs = [MB, 500 * MB, 10_000 * MB, TB].map((bytes) => estimate(plan, bytes));
      const grows = (of: (run: (typeof runs)[number]) => number) =>
        expect(runs.map(of)).toEqual(runs.map(of).toSorted((a, b) => a - b));
      grows(({ seconds }) => seconds);
      grows(({ dollars }) => dollars);
    }
  });
});

describe('the cost of a run', () => {
  it('is the sum of its items, each at its list price', () => {
    const { items, dollars } = estimate(wide, TB);
    expect(dollars).toBeCloseTo(items.reduce((sum, item) => sum + item.dollars, 0));
    const priceOf = (what: string) => {
      const item = items.find((one) => one.what === what)!;
      return item.dollars / item.quantity;
    };
    expect(priceOf('Lambda workers')).toBeCloseTo(0.0000166667, 12);
    expect(priceOf('Step Functions')).toBeCloseTo(0.000025, 12);
    expect(priceOf('S3 writes')).toBeCloseTo(0.000005, 12);
    expect(priceOf('DynamoDB writes')).toBeCloseTo(0.000000625, 12);
  });

  it('counts what is noted of files that start runs: of one by itself, and of each that is run with others', () => {
    const units = (...triggers: Plan['triggers']) =>
      estimate({ ...rowByRow, triggers }, 10 * chunkBytes).items.find(({ what }) => what === 'DynamoDB writes')!
        .quantity;
    const prefix = 'landing/orders/';
    const none = units();
    expect(units({ kind: 'file', prefix }) - none).toBe(4);
    expect(units({ kind: 'file', prefix, window: { seconds: 60 } }) - none).toBe(80);
    expect(units({ kind: 'file', prefix, complete: { marker: '_DONE' } }) - none).toBe(0);
  });

  it('says how each quantity comes about', () => {
    const { items } = estimate(rowByRow, 10 * chunkBytes);
    const arithmetic = Object.fromEntries(items.map(({ what, arithmetic }) => [what, arithmetic]));
    expect(arithmetic['Step Functions']).toMatch(/^10 chunks × 2 \+ at most \d+ states$/);
    expect(arithmetic.SQS).toBe('10 chunks × 3');
    // Ten files of the table and one of rejects.
    // Manifest, results, lists, reports, the table's metadata and twelve events besides.
    expect(arithmetic['S3 writes']).toBe('10 × 11 of process + 22 of the run');
  });

  it('counts what travels between stages: a file for each chunk and partition, written and read', () => {
    const { stages } = estimate(wide, 10 * chunkBytes);
    const [process, reduce] = stages as [(typeof stages)[number], (typeof stages)[number]];
    // Ten chunks with ten partitions and one file of rejects; ten partitions that read ten files.
    expect([process.writes, reduce.reads]).toEqual([110, 100]);
  });
});

test('files that every run reads whole are part of the size, and the estimate says so', async () => {
  const orders = from(s3({ prefix: 'landing/orders/', format: 'csv' }), z.object({ id: z.int(), sku: z.string() }));
  const items = from(table({ table: 'items' }), z.object({ part: z.string(), price: z.number() }));
  const joined = orders.pipe(join({ with: items, on: 'sku = part' }));
  const plan = await compile(pipeline('joined', { outputs: [joined.to(lake({ table: 'joined' }))] }));
  expect(plan.nodes.flatMap((node) => (node.kind === 'source' ? [node.use] : []))).toEqual(['main', 'whole']);
  const { assumes, stages } = estimate(plan, 10 * chunkBytes);
  expect(stages.map(({ chunks }) => chunks)).toEqual([10, 10]);
  expect(assumes).toContainEqual(expect.stringContaining('every run reads all of "items" anew: the size holds'));
  expect(assumes).toContainEqual('all of "orders", "items" together, as if it were csv');
  expect(estimate(rowByRow, TB).assumes.join()).not.toContain('anew');
});

describe('quotas', () => {
  it('stand in the order of their shares', () => {
    const shares = estimate(wide, TB).quotas.map(({ share }) => share);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  });

  it.each(['rowByRow', 'wide'])('are met at about the size that is given as the first (%s)', (name) => {
    const plan = name === 'wide' ? wide : rowByRow;
    const { first } = estimate(plan, MB);
    const at = estimate(plan, first!.atBytes).quotas[0]!;
    expect(at.quota).toBe(first!.quota);
    expect(at.share).toBeGreaterThanOrEqual(1);
    expect(estimate(plan, first!.atBytes / 1.02).quotas[0]!.share).toBeLessThan(1);
  });

  it('are met by 1 TB in wide steps where the plan lets a run have few partitions, and else not', () => {
    const few = { ...wide, resources: { ...wide.resources, partitions: 32 } };
    expect(estimate(few, TB).quotas.filter(({ share }) => share >= 1)[0]).toMatchObject({
      quota: expect.stringMatching(/^Lambda: disk/),
      change: expect.stringContaining('resources.partitions'),
    });
    for (const plan of [wide, rowByRow]) expect(estimate(plan, TB).quotas[0]!.share).toBeLessThan(1);
  });
});
