import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { complete, fresh, holds, unique, within } from '../../../lib/index.ts';
import { assess } from '../../../lib/runtime/assess/assess.ts';
import { assessedRun, enginePorts } from '../../fixtures/assessed-run.ts';

const record = z.object({ city: z.string().nullable(), n: z.int(), big: z.bigint(), on: z.iso.date().nullable() });
const row = (n: number, city: string | null) => ({ city, n, big: '9007199254740993', on: null });
const rows = Array.from({ length: 100 }, (_, n) => row(n, n % 2 ? 'Rome' : null));

describe('sample rows', () => {
  test('are twenty at most for each broken rule, and exact', async () => {
    const quality = [complete('city', { atLeast: 0.9 }), within('n', 0, 98, { atLeast: 1 }), complete('n')];
    const { report } = await assessedRun({ record, rows, quality, files: 3 });
    expect(Object.keys(report.samples!)).toEqual(['1-complete', '2-within']);
    expect(report.samples!['1-complete']).toHaveLength(20);
    expect(report.samples!['2-within']).toEqual([{ ...row(99, 'Rome'), n: '99' }]);
  });

  test('are those of all rules where a person has to decide', async () => {
    const gate = { pass: 0.99, review: 0.1 };
    const { report } = await assessedRun({ record, rows, quality: [complete('city'), complete('n')], gate });
    expect(report.gate).toBe('review');
    expect(Object.keys(report.samples!)).toEqual(['1-complete']);
  });

  test('are none where all is well, and no file is read again for them', async () => {
    const { report, ports } = await assessedRun({ record, rows, quality: [complete('n', { atLeast: 1 })] });
    expect(report.samples).toEqual({});
    expect(ports.objects.keys('curated/').map((key) => ports.objects.bytesRead.get(key) ?? 0)).toEqual([0]);
  });

  test('are cut where a text is long', async () => {
    const { report } = await assessedRun({
      record,
      rows: [row(1, 'x'.repeat(100_000))],
      quality: [holds('n > 1', { atLeast: 1 })],
    });
    expect(report.samples!['1-holds']![0]!.city).toHaveLength(201);
  });
});

describe('alerts', () => {
  test('tell of every broken rule what it found and what it asked for', async () => {
    const quality = [
      complete('city', { atLeast: 0.9, onBreak: 'fail' }),
      complete('n', { atLeast: 1 }),
      fresh('on', '1 day'),
    ];
    const { ports, input, report } = await assessedRun({ record, rows, quality });
    const alerts = ports.bus.events.filter(({ type }) => type === 'QualityAlert');
    const key = `reports/rows/${input.run}.json`;
    const common = { table: 'rows', gate: 'fail', report: key };
    expect(alerts).toMatchObject([
      {
        pipeline: 'rows',
        run: input.run,
        detail: {
          ...common,
          rule: '1-complete',
          dimension: 'completeness',
          share: 0.5,
          threshold: 0.9,
          severity: 'fail',
        },
      },
      { detail: { ...common, rule: '3-fresh', share: 0, threshold: 1, observed: 'no row has a time' } },
    ]);
    expect(report.gate).toBe('fail');
  });

  test('are none of rules that hold', async () => {
    const { ports } = await assessedRun({ record, rows, quality: [complete('city'), unique(['n'], { atLeast: 1 })] });
    expect(ports.bus.events.map(({ type }) => type)).not.toContain('QualityAlert');
  });
});

describe('the report', () => {
  test('lies in the lake as JSON and as a page, and stays as it was first made', async () => {
    const ports = enginePorts();
    const { code, input, assessed } = await assessedRun({ record, rows, quality: [complete('city')], ports });
    const page = assessed.report.replace(/json$/, 'html');
    const [json, html] = [ports.objects.text(assessed.report), ports.objects.text(page)];
    expect(html).toContain('<!doctype html>');
    expect(ports.bus.events.at(-1)).toMatchObject({
      type: 'QualityChecked',
      detail: { page, report: assessed.report },
    });
    await assess(ports, code, input);
    expect([ports.objects.text(assessed.report), ports.objects.text(page)]).toEqual([json, html]);
  });
});
