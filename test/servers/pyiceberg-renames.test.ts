import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { compactFiles } from '../../lib/engine/index.ts';
import { cast, type Dataset, derive, lake, rename, select } from '../../lib/index.ts';
import { compactTable } from '../../lib/runtime/compact/compact-table.ts';
import { assessedRun, enginePorts } from '../fixtures/assessed-run.ts';
import { type ReadSnapshot, readTables } from './read-tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'penstock-renames-'));
const ports = enginePorts();
// What the metadata names must be found by a reader in another process.
Object.defineProperty(ports.objects, 'uri', { value: `file://${folder}` });
afterAll(() => rmSync(folder, { recursive: true }));

const record = z.object({ id: z.int(), client: z.string(), day: z.iso.date(), seen: z.int() });
type Sink = Omit<Parameters<typeof lake>[0], 'table'>;

async function run(at: number, as: (rows: Dataset) => Dataset, options: Sink): Promise<void> {
  const rows = [1, 2].map((n) => ({ id: at * 10 + n, client: `c${n}`, day: `2026-01-0${at}`, seen: at }));
  const assessed = await assessedRun({
    record,
    rows,
    quality: [],
    ports,
    startedAt: `2026-01-0${at}T00:00:00.000Z`,
    outputs: (dataset) => [as(dataset).to(lake({ table: 'orders', ...options }))],
  });
  await assessed.complete();
}

const first = (rows: Dataset) => rows.pipe(cast({ id: 'INTEGER' }), derive({ place: "{'at': client, 'n': [id]}" }));
const later = (rows: Dataset) =>
  rows.pipe(
    derive({ place: "{'at': client, 'n': [id::INTEGER]}" }),
    rename({ id: 'number', client: 'customer', day: 'date', place: 'address' }),
  );
const renamed = { number: 'id', customer: 'client', date: 'day', address: 'place' };

let read: readonly ReadSnapshot[];
beforeAll(async () => {
  await run(1, first, { partitionBy: ['client', 'month(day)'] });
  await run(2, later, { partitionBy: ['customer', 'month(date)'], renamed });
  await compactTable({ ...ports, compactFiles }, { table: 'orders' });
  await run(
    3,
    (rows) => later(rows).pipe(rename({ date: 'customer', customer: 'date' }), select('number', 'date', 'customer')),
    {
      partitionBy: ['date', 'month(customer)'],
      renamed: { number: 'id', date: 'customer', customer: 'date' },
      mode: 'merge',
      key: ['date'],
    },
  );
  [read = []] = await readTables(ports, folder, ['orders']);
}, 180_000);

test('PyIceberg reads rows of before and after under the names of each snapshot', () => {
  expect(read.map(({ rows }) => Object.keys(rows[0]!).join())).toEqual([
    'id,client,day,seen,place',
    'number,customer,date,seen,address',
    'number,customer,date,seen,address',
    'number,date,customer',
  ]);
  // As a run has appended to them, and as a compaction has put them together.
  for (const { rows } of read.slice(1, 3))
    expect(rows.map((row) => Object.values(row).join(' ')).sort()).toEqual([
      "11 c1 2026-01-01 1 {'at': 'c1', 'n': [11]}",
      "12 c2 2026-01-01 1 {'at': 'c2', 'n': [12]}",
      "21 c1 2026-01-02 2 {'at': 'c1', 'n': [21]}",
      "22 c2 2026-01-02 2 {'at': 'c2', 'n': [22]}",
    ]);
  expect(read[3]!.rows.map((row) => Object.values(row).join(' ')).sort()).toEqual([
    '31 c1 2026-01-03',
    '32 c2 2026-01-03',
  ]);
});

test('each row lies in the partition that readers look for it, and manifests tell of columns under their new names', () => {
  expect(read.flatMap(({ misplaced }) => misplaced)).toEqual([]);
  const lower = (at: number, name: string) => read[at]!.files.map(({ columns }) => columns[name]!.lower).sort();
  expect(lower(1, 'customer')).toEqual(['c1', 'c1', 'c2', 'c2']);
  expect(lower(2, 'customer')).toEqual(['c1', 'c2']);
  expect(lower(3, 'date')).toEqual(['c1', 'c2']);
});
