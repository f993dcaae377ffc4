import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { compactFiles } from '../../lib/engine/index.ts';
import { cast, lake, select } from '../../lib/index.ts';
import { compactTable } from '../../lib/runtime/compact/compact-table.ts';
import { readTable } from '../../lib/runtime/publish/read-table.ts';
import { expireTable } from '../../lib/runtime/table/expire-table.ts';
import { rollbackTable } from '../../lib/runtime/table/rollback-table.ts';
import { assessedRun, enginePorts } from '../fixtures/assessed-run.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { type ReadSnapshot, readTables } from './read-tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'penstock-modes-'));
const ports = enginePorts();
// What the metadata names must be found by a reader in another process.
Object.defineProperty(ports.objects, 'uri', { value: `file://${folder}` });
afterAll(() => rmSync(folder, { recursive: true }));

const record = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  name: z.string().nullable(),
  seen: z.int(),
  amount: z.number(),
});
const layout = ['day(at)', 'bucket(5, id)', 'truncate(2, name)'];
const byTime = ['month(at)', 'hour(at)', 'bucket(3, name)', 'truncate(10, id)', 'year(at)', 'bucket(3, at)'];
const modes = ['append', 'replace', 'replacePartitions', 'merge'] as const;

/** One of three runs with rows of the same ids, of which each knows more. */
async function run(number: number): Promise<void> {
  const rows = Array.from({ length: 4 + number }, (_, index) => ({
    id: index * 7 - 10,
    at: new Date(Date.UTC(1969, 11, 31, 22 + index * number)).toISOString(),
    name: index === 2 ? null : `ä€😀${index % 2}x`,
    seen: number + (index === 0 ? -number : 0),
    amount: index / number,
  }));
  const assessed = await assessedRun({
    record,
    rows,
    quality: [],
    files: 2,
    ports,
    startedAt: `2026-01-0${number}T00:00:00.000Z`,
    outputs: (dataset) => [
      ...modes.map((mode) =>
        dataset.to(
          lake({
            table: mode.toLowerCase(),
            mode,
            partitionBy: layout,
            ...(mode === 'merge' && { key: ['id'], by: 'seen' }),
          }),
        ),
      ),
      dataset.to(lake({ table: 'times', partitionBy: byTime })),
      // Narrow at first, then wider, then without a column.
      dataset
        .pipe(
          cast({ id: number === 1 ? 'INTEGER' : 'BIGINT', amount: number === 1 ? 'FLOAT' : 'DOUBLE' }),
          select(...(number === 3 ? ['id', 'amount'] : ['id', 'amount', 'seen'])),
        )
        .to(lake({ table: 'evolved', mode: 'merge', key: ['id'], partitionBy: ['bucket(2, id)'] })),
    ],
  });
  await assessed.complete();
}

const names = [...modes.map((mode) => mode.toLowerCase()), 'times', 'evolved'];
const read: Record<string, readonly ReadSnapshot[]> = {};
beforeAll(async () => {
  for (const number of [1, 2, 3]) await run(number);
  await compactTable({ ...ports, compactFiles }, { table: 'append' });
  await rollbackTable(ports, { table: 'replace', to: { version: 2 } });
  await expireTable(ports, { table: 'times', before: Number.MAX_SAFE_INTEGER, keep: 2 });
  const found = await readTables(ports, folder, names);
  for (const [index, table] of names.entries()) read[table] = found[index]!;
}, 180_000);

test.each(names)('every snapshot of "%s" has the rows, and the counts, that its files hold', async (table) => {
  for (const { rows, files } of read[table]!) {
    const list = files.map(({ path }) => `'${path.replace('file://', '')}'`).join(', ');
    const held = await query(
      `SELECT id::VARCHAR AS id, round(amount::DOUBLE, 5) AS amount FROM read_parquet([${list}], union_by_name = true, hive_partitioning = false)`,
    );
    const found = rows.map(({ id, amount }) => ({ id, amount: Math.round(Number(amount) * 1e5) / 1e5 }));
    const sorted = (all: readonly object[]) => all.map((row) => JSON.stringify(row)).sort();
    expect(sorted(found)).toEqual(sorted(held));
    expect(files.reduce((sum, file) => sum + file.rows, 0)).toBe(rows.length);
    for (const { columns, rows: count } of files) expect(columns.id!.values).toBe(count);
  }
});

test.each(names)('every row of "%s" lies in the partition that readers look for it', (table) => {
  expect(read[table]!.flatMap(({ misplaced }) => misplaced)).toEqual([]);
});

test('each mode leaves the rows that it promises', () => {
  const ids = (table: string) => read[table]!.map(({ rows }) => rows.length);
  expect(ids('append')).toEqual([5, 11, 18, 18]);
  expect(ids('replace')).toEqual([5, 6, 7]);
  expect(ids('merge')).toEqual([5, 6, 7]);
  expect(ids('evolved')).toEqual([5, 6, 7]);
  expect(ids('times')).toEqual([11, 18]);
  // Of the first id only what was seen first: all later runs say that theirs is older, or as old.
  const last = read.merge!.at(-1)!.rows;
  expect(last.map(({ id, seen }) => [id, seen])).toEqual(
    expect.arrayContaining([
      ['-3', '3'],
      ['25', '3'],
    ]),
  );
  expect(Object.keys(read.evolved!.at(-1)!.rows[0]!)).toEqual(['id', 'amount']);
});

test('PyIceberg and we read the same files', async () => {
  for (const table of names) {
    const { files } = await readTable(ports.objects, (await ports.tables.pointer(table)).metadata!);
    const current = table === 'replace' ? read[table]![1]! : read[table]!.at(-1)!;
    expect(current.files.map(({ path }) => path).sort()).toEqual(
      files.map(({ key }) => `file://${folder}/${key}`).sort(),
    );
  }
});
