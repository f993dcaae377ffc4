import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { compactFiles } from '../../lib/engine/index.ts';
import { derive, lake } from '../../lib/index.ts';
import { compactTable } from '../../lib/runtime/compact/compact-table.ts';
import { assessedRun, enginePorts } from '../fixtures/assessed-run.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { type ReadSnapshot, readTables } from './read-tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'penstock-tables-'));
const ports = enginePorts();
// What the metadata names must be found by a reader in another process.
Object.defineProperty(ports.objects, 'uri', { value: `file://${folder}` });
afterAll(() => rmSync(folder, { recursive: true }));

const record = z.object({ id: z.int(), day: z.iso.date(), name: z.string().nullable(), amount: z.number() });
const wider = record.extend({ note: z.string().nullable() });

/** One of three runs; the last one brings a column more. */
async function run(number: number): Promise<string> {
  const rows = Array.from({ length: 6 }, (_, index) => ({
    id: number * 10 + index,
    day: `2026-01-0${1 + (index % 3)}`,
    name: index % 2 === 0 ? null : `ä${index}`.repeat(12),
    amount: index / 4 - number,
    ...(number === 3 && { note: 'new' }),
  }));
  const assessed = await assessedRun({
    record: number === 3 ? wider : record,
    rows,
    quality: [],
    files: 2,
    ports,
    startedAt: `2026-01-0${number}T00:00:00.000Z`,
    outputs: (dataset) => [
      dataset.to(lake({ table: 'facts', partitionBy: ['day'] })),
      dataset
        .pipe(
          derive({
            pair: '[id, id + 1]',
            place: "{'at': {'name': name}, 'n': [id]}",
            exact: 'amount::DECIMAL(18,4)',
            moment: "day::TIMESTAMP + INTERVAL '3 hours 25 milliseconds'",
          }),
        )
        .to(lake({ table: 'nested', mode: 'replace' })),
    ],
  });
  await assessed.complete();
  return assessed.input.run;
}

const runs: string[] = [];
let facts: readonly ReadSnapshot[];
let nested: readonly ReadSnapshot[];
beforeAll(async () => {
  for (const number of [1, 2, 3]) runs.push(await run(number));
  await compactTable({ ...ports, compactFiles }, { table: 'facts' });
  [facts, nested] = (await readTables(ports, folder, ['facts', 'nested'])) as [ReadSnapshot[], ReadSnapshot[]];
}, 120_000);

const listed = (files: ReadSnapshot['files']) =>
  `read_parquet([${files.map(({ path }) => `'${path.replace('file://', '')}'`).join(', ')}], union_by_name = true, hive_partitioning = false)`;

test('every snapshot names its run and what it did', () => {
  expect(facts.map(({ run, operation }) => [run, operation])).toEqual([
    ...runs.map((run) => [run, 'append']),
    [runs[2], 'replace'],
  ]);
  expect(nested.map(({ operation }) => operation)).toEqual(['append', 'overwrite', 'overwrite']);
});

test('every snapshot has the rows that its files hold', async () => {
  expect(facts.map(({ rows }) => rows.length)).toEqual([6, 12, 18, 18]);
  expect(nested.map(({ rows }) => rows.length)).toEqual([6, 6, 6]);
  for (const { rows, files } of [...facts, ...nested]) {
    const plain = 'id::VARCHAR AS id, day::VARCHAR AS day, name, amount::DOUBLE AS amount';
    const expected = await query(`SELECT ${plain} FROM ${listed(files)} ORDER BY 1`);
    const found = rows.map(({ id, day, name, amount }) => ({ id, day, name, amount: Number(amount) }));
    expect(found.toSorted((a, b) => Number(a.id) - Number(b.id))).toEqual(
      expected.toSorted((a, b) => Number(a.id) - Number(b.id)),
    );
  }
  const [last] = nested.at(-1)!.rows.filter(({ id }) => id === '31');
  expect(last).toMatchObject({
    pair: '[31, 32]',
    place: `{'at': {'name': '${'ä1'.repeat(12)}'}, 'n': [31]}`,
    exact: '-2.7500',
    moment: '2026-01-02 03:00:00.025000',
    note: 'new',
  });
  // What an older run did not know has no value.
  expect(facts[2]!.rows.find(({ id }) => id === '10')).toMatchObject({ note: null });
});

test('every statistic is true of its file', async () => {
  for (const { files } of [...facts, ...nested])
    for (const file of files) {
      const columns = Object.entries(file.columns).filter(([name]) => ['id', 'day', 'name', 'amount'].includes(name));
      expect(columns).toHaveLength(4);
      for (const [name, said] of columns) {
        const [found] = await query(
          `SELECT count(*)::INTEGER AS rows, (count(*) - count(${name}))::INTEGER AS nulls, min(${name})::VARCHAR AS lower, max(${name})::VARCHAR AS upper FROM ${listed([file])}`,
        );
        const { rows, nulls, lower, upper } = found as { rows: number; nulls: number; lower: string; upper: string };
        expect([file.rows, said.values, said.nulls]).toEqual([rows, rows, nulls]);
        if (lower === null) expect([said.lower, said.upper]).toEqual([null, null]);
        else if (name !== 'name') expect([said.lower, said.upper].map(text)).toEqual([lower, upper].map(text));
        else {
          // Long texts are cut; the greatest one stays below its bound.
          expect(lower.startsWith(said.lower)).toBe(true);
          expect(Buffer.compare(Buffer.from(said.upper), Buffer.from(upper))).toBeGreaterThan(0);
        }
      }
      if (file.partition.day !== undefined) expect(file.partition.day).toBe(file.columns.day!.lower);
    }
});

/** Numbers by their value: 2 and 2.0 are one. */
const text = (value: string) => (Number.isNaN(Number(value)) ? value : String(Number(value)));
