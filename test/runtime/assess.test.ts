import { beforeEach, describe, expect, test } from 'vitest';
import { assess } from '../../lib/runtime/assess/assess.ts';
import { scoreQuality } from '../../lib/runtime/assess/score.ts';
import { extract } from '../../lib/runtime/extract/extract.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import type { LedgerRecord } from '../../lib/runtime/ledger/ledger-entry.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { ordersPlan, ordersPipeline as pipeline } from '../fixtures/orders-plan.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runChunks, stageInput } from '../fixtures/run-machine.ts';

const input = stageInput(pipeline, manual());
let ports: MemoryPorts;

async function ranChunks(files: readonly string[]) {
  ports = memoryPorts();
  ports.objects.drop('reference/cities.csv', 'Rome,1');
  for (const [index, text] of files.entries()) ports.objects.drop(`landing/orders/${index}.csv`, text);
  await initialize(ports, pipeline, input);
  const extracted = await extract(ports, pipeline, input);
  await runChunks(ports, pipeline, input, extracted);
}

const many = Array.from({ length: 6 }, (_, n) => [`Rome,${n + 1}`, `Oslo,${n + 10}`, 'bad', 'Kiel,0'].join('\n'));

describe('the ledger of a run', () => {
  beforeEach(() => ranChunks(many));
  const tamper = (stage: string, chunk: string, change: (record: LedgerRecord) => LedgerRecord | undefined) =>
    ports.runs.tamper(input.run, stage, chunk, change);
  const withSteps = (
    record: LedgerRecord,
    node: string,
    change: (step: LedgerRecord['steps'][number]) => object,
  ): LedgerRecord => ({
    ...record,
    steps: record.steps.map((step) => (step.node === node ? { ...step, ...change(step) } : step)),
  });

  test('in balance gives a report of what became of every row', async () => {
    const output = await assess(ports, pipeline, input);
    expect(output).toMatchObject({ gate: 'pass', score: 1, report: `reports/orders/${input.run}.json` });
    const report = ports.objects.json(output.report);
    expect(report.totals).toMatchObject({ rowsIn: 24, rejected: 6, filtered: 6, tables: { orders: 12, totals: 2 } });
    expect(report.ledger.find((step: any) => step.node === 'orders')).toMatchObject({
      rowsIn: 24,
      rowsOut: 18,
      rules: { form: 6 },
    });
    expect(report.stages.process.chunks).toBeGreaterThan(1);
    expect(ports.bus.events.at(-1)).toMatchObject({
      type: 'QualityChecked',
      run: input.run,
      detail: { gate: 'pass', score: 1 },
    });
  });

  test.each<[string, () => void]>([
    ['a chunk that never said anything', () => tamper('process', '000001', () => undefined)],
    ['a reference that was not captured', () => tamper('extract', 'cities', () => undefined)],
    [
      'a chunk that nobody planned',
      () => {
        tamper('process', '000000', (record) => {
          void ports.runs.addLedgerRecord({ ...record, chunk: '000099' });
          return record;
        });
      },
    ],
    [
      'a step that does not balance',
      () => tamper('process', '000000', (r) => withSteps(r, 'orders.1-filter', (s) => ({ filtered: s.filtered + 1 }))),
    ],
    [
      'rows that vanish between two stages',
      () =>
        tamper('reduce-1', '000000', (r) =>
          withSteps(r, 'orders.2-aggregate', (s) => ({ rowsIn: s.rowsIn + 1, merged: s.merged + 1 })),
        ),
    ],
    [
      'rows that vanish between two steps',
      () =>
        tamper('process', '000000', (r) =>
          withSteps(r, 'orders', (s) => ({ rowsIn: s.rowsIn + 1, rowsOut: s.rowsOut + 1 })),
        ),
    ],
    [
      'a table file that lost a row',
      () => tamper('process', '000000', (r) => ({ ...r, files: r.files!.filter(({ kind }) => kind !== 'table') })),
    ],
    [
      'an exchange that lost a file',
      () => tamper('process', '000000', (r) => ({ ...r, files: r.files!.filter(({ kind }) => kind !== 'exchange') })),
    ],
    [
      'rejects that are not kept',
      () => tamper('process', '000000', (r) => ({ ...r, files: r.files!.filter(({ kind }) => kind !== 'rejects') })),
    ],
  ])('is refused for %s', async (_, change) => {
    change();
    await expect(assess(ports, pipeline, input)).rejects.toMatchObject({
      name: 'LedgerImbalanceError',
      disposition: 'terminal',
    });
    await expect(publish(ports, pipeline, input)).rejects.toMatchObject({ name: 'RunStateError' });
    // The plan that the run began with is all there is.
    expect(ports.objects.keys('reports/').filter((key) => !key.startsWith('reports/orders/plans/'))).toEqual([]);
  });

  test('is refused where a manifest is gone', async () => {
    await ports.objects.remove([`staged/orders/${input.run}/manifest/process.json`]);
    await expect(assess(ports, pipeline, input)).rejects.toMatchObject({ name: 'LedgerImbalanceError' });
  });

  test('assessed again keeps its first report', async () => {
    const output = await assess(ports, pipeline, input);
    const report = ports.objects.text(output.report);
    expect(await assess(ports, pipeline, input)).toEqual(output);
    expect(ports.objects.text(output.report)).toBe(report);
  });
});

describe('quality', () => {
  test('is added up over chunks, and measured on the files where it cannot be', async () => {
    await ranChunks([...many.slice(0, 4), 'Rome,666\nRome,1\nRome,1\nRome,1\nRome,1\nRome,1']);
    const { report } = await assess(ports, pipeline, input);
    const rules = ports.objects.json(report).rules;
    expect(rules).toEqual([
      expect.objectContaining({ rule: 'amounts', total: 14, passed: 13, broken: false }),
      expect.objectContaining({ rule: 'distinct', total: 14, passed: 9 }),
    ]);
  });

  test('of a run that is one chunk is what the chunk measured', async () => {
    await ranChunks(['Rome,1\nRome,1']);
    const { report } = await assess(ports, pipeline, input);
    expect(ports.objects.json(report).rules[1]).toMatchObject({ rule: 'distinct', total: 2, passed: 1, share: 0.5 });
  });
});

describe('the score', () => {
  const rule = (id: string, dimension: any, atLeast: number, onBreak: 'warn' | 'review' | 'fail' = 'review') => ({
    ...ordersPlan.quality[0]!,
    id,
    dimension,
    atLeast,
    onBreak,
  });
  const score = (quality: ReturnType<typeof rule>[], shares: number[]) =>
    scoreQuality(
      { quality, nodes: ordersPlan.nodes, gate: { pass: 0.9, review: 0.5, reviewSeconds: 1 } },
      new Map(
        shares.map((share, index) => [
          quality[index]!.id,
          { rule: quality[index]!.id, total: 100, passed: share * 100 },
        ]),
      ),
    );

  test('is the mean of the dimensions, each the mean of its rules', () => {
    const scored = score(
      [rule('a', 'accuracy', 0), rule('b', 'accuracy', 0), rule('c', 'uniqueness', 0)],
      [1, 0.5, 0.25],
    );
    expect(scored.dimensions).toEqual({ accuracy: 0.75, uniqueness: 0.25 });
    expect(scored.score).toBe(0.5);
  });

  test.each([
    [1, 'pass'],
    [0.9, 'pass'],
    [0.89, 'review'],
    [0.5, 'review'],
    [0.49, 'fail'],
  ])('%s is a %s', (share, gate) => {
    expect(score([rule('a', 'accuracy', 0)], [share]).gate).toBe(gate);
  });

  test.each([
    [0.7, 3],
    [0.9, 6],
    [0.95, 3],
    [0.99, 3],
    [0.99, 7],
  ])('of %s for each of %i rules opens a gate that asks for as much', (share, count) => {
    const passed = Math.round(share * 100);
    for (const apart of [true, false]) {
      const dimensions = ['accuracy', 'uniqueness', 'validity', 'freshness', 'volume', 'completeness', 'consistency'];
      const quality = Array.from({ length: count }, (_, n) =>
        rule(`r${n}`, apart ? (dimensions[n] as 'accuracy') : 'accuracy', 0),
      );
      const measures = new Map(quality.map(({ id }) => [id, { rule: id, total: 100, passed }]));
      const gate = { pass: share, review: 0, reviewSeconds: 1 };
      const scored = scoreQuality({ quality, nodes: ordersPlan.nodes, gate }, measures);
      expect(scored).toMatchObject({ gate: 'pass', score: share });
    }
  });

  test('of rules that each have their own number of rows is below 1 where one of them is', () => {
    const quality = Array.from({ length: 60 }, (_, n) => rule(`r${n}`, 'accuracy', 0));
    const measures = new Map(
      quality.map(({ id }, n) => [id, { rule: id, total: 2 ** 53 - 1 - 2 * n, passed: 2 ** 52 - n }]),
    );
    const gate = { pass: 1, review: 0, reviewSeconds: 1 };
    const scored = scoreQuality({ quality, nodes: ordersPlan.nodes, gate }, measures);
    expect(scored.gate).toBe('review');
    expect(scored.score).toBeCloseTo(0.5, 12);
  });

  test('of a broken rule is at least what the rule says, whatever the rest is', () => {
    expect(score([rule('a', 'accuracy', 1), rule('b', 'validity', 0)], [0.99, 1]).gate).toBe('review');
    expect(score([rule('a', 'accuracy', 1, 'fail'), rule('b', 'validity', 0)], [0.99, 1])).toMatchObject({
      gate: 'fail',
      rules: [{ broken: true }, { broken: false }],
    });
    expect(score([rule('a', 'accuracy', 0.4)], [0.3]).gate).toBe('fail');
  });

  test('of a broken rule that warns goes by the score alone', () => {
    expect(score([rule('a', 'accuracy', 1, 'warn')], [0.95])).toMatchObject({
      gate: 'pass',
      rules: [{ broken: true }],
    });
    expect(score([rule('a', 'accuracy', 1, 'warn')], [0.6]).gate).toBe('review');
  });

  test('of nothing measured is 1', () => {
    expect(score([], [])).toEqual({ gate: 'pass', score: 1, dimensions: {}, rules: [] });
    const empty = scoreQuality(
      { ...ordersPlan, quality: [rule('a', 'accuracy', 1)] },
      new Map([['a', { rule: 'a', total: 0, passed: 0 }]]),
    );
    expect(empty).toMatchObject({ gate: 'pass', score: 1 });
  });
});
