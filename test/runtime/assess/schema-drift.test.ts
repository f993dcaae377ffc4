import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { Printer } from '../../../lib/cli/print.ts';
import { showDrift } from '../../../lib/cli/show-drift.ts';
import { assessedRun } from '../../fixtures/assessed-run.ts';

const record = z.object({ id: z.int(), unit_price: z.int().nullable(), note: z.string().nullable() });
const rows = Array.from({ length: 4 }, (_, id) => ({ id, 'Unit Price': id * 10, colour: 'red' }));
const options = { evolution: { missing: 'quarantine', renamed: 'evolve' } } as const;

test('columns that differ from the contract stand in the report, on the page, in the event and in run show', async () => {
  // Two chunks of two files each say the same.
  const { report, ports, input, assessed } = await assessedRun({ record, rows, quality: [], options, files: 2 });
  const files = ['landing/rows/0.ndjson', 'landing/rows/1.ndjson'];
  const drift = [
    { source: 'rows', change: 'renamed', column: 'unit_price', found: 'Unit Price', action: 'evolve', files },
    { source: 'rows', change: 'missing', column: 'note', action: 'quarantine', files },
    { source: 'rows', change: 'added', column: 'colour', action: 'evolve', files },
  ];
  expect(report.drift).toEqual(drift);
  expect(report.totals).toMatchObject({ rowsIn: 4, rejected: 4 });
  expect(ports.bus.events.filter(({ type }) => type === 'SchemaDrifted')).toMatchObject([
    { pipeline: 'rows', run: input.run, detail: { drift, columns: 3, report: assessed.report } },
  ]);
  const page = ports.objects.text(assessed.report.replace(/json$/, 'html'));
  expect(page).toContain('Columns that differ from the contract');
  expect(page).toContain('<td>unit_price</td><td class="short">renamed</td><td>Unit Price</td>');

  const output = new PassThrough();
  showDrift(new Printer(output as unknown as NodeJS.WriteStream, false), report.drift!);
  expect(output.read().toString()).toBe(
    `  columns  △ rows.unit_price is renamed (Unit Price): read under its new name  ${files[0]} and 1 other file
           ✗ rows.note is missing: its rows are rejected  ${files[0]} and 1 other file
           △ rows.colour is added: passed over  ${files[0]} and 1 other file
`,
  );
});

test('a run whose files are as promised says nothing of columns', async () => {
  const { report, ports } = await assessedRun({
    record,
    rows: [{ id: 1, unit_price: 2, note: 'x' }],
    quality: [],
    options,
  });
  expect(report.drift).toBeUndefined();
  expect(ports.bus.events.map(({ type }) => type)).not.toContain('SchemaDrifted');
});
