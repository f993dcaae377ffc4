import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compactFiles } from '../../lib/engine/index.ts';
import { lake } from '../../lib/index.ts';
import { type CompactPorts, compactTable } from '../../lib/runtime/compact/compact-table.ts';
import type { TableCatalog } from '../../lib/runtime/ports/table-catalog.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { readMetadata, readTable } from '../../lib/runtime/publish/read-table.ts';
import { noteUpkeep } from '../../lib/runtime/table/note-upkeep.ts';
import { rollbackTable } from '../../lib/runtime/table/rollback-table.ts';
import { tableLog } from '../../lib/runtime/table/table-log.ts';
import { assessedRun, type EnginePorts } from '../fixtures/assessed-run.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';
import { publishedRows } from '../fixtures/replayed.ts';

const record = z.object({ kind: z.string().nullable(), n: z.int() });
const table = 'kinds';

/** A run of six rows in three files, as far as the gate. */
function running(ports?: EnginePorts, startedAt = '2026-01-01T00:00:00.000Z', mode: 'append' | 'replace' = 'append') {
  const day = Number(startedAt.slice(8, 10));
  const rows = [5, 3, 1, 4, 2, 0].map((n) => ({ kind: n % 3 === 0 ? null : 'a/b', n: day * 10 + n }));
  return assessedRun({
    record,
    rows,
    quality: [],
    files: 3,
    outputs: (dataset) => [dataset.to(lake({ table, mode, partitionBy: ['kind'], sortBy: ['n'] }))],
    startedAt,
    ...(ports && { ports }),
  });
}

async function published() {
  const run = await running();
  await run.complete();
  return run;
}

function compact(ports: EnginePorts, tables: TableCatalog = ports.tables) {
  const own: CompactPorts = { ...ports, tables, compactFiles };
  return compactTable(own, { table });
}

const filesOf = async (ports: EnginePorts, metadata: string) => (await readTable(ports.objects, metadata)).files;

/** The same catalog, which lets something else happen first, once, when files are to be replaced. */
function catalogAfter(ports: EnginePorts, before: () => Promise<unknown>): TableCatalog {
  let done = false;
  const own = ports.tables;
  return {
    version: (name) => own.version(name),
    pointer: (name) => own.pointer(name),
    commitOf: (name, run) => own.commitOf(name, run),
    begun: (name, run) => own.begun(name, run),
    tables: () => own.tables(),
    commit: (next) => own.commit(next),
    async compact(next) {
      if (!done) {
        done = true;
        await before();
      }
      return own.compact(next);
    },
  };
}

test('the version is that of the log, also where the table was rolled back before', async () => {
  const { ports } = await published();
  await (await running(ports, '2026-01-02T00:00:00.000Z')).complete();
  await rollbackTable(ports, { table, to: { version: 1 } });
  const { version } = await compact(ports);
  const log = tableLog(await readMetadata(ports.objects, (await ports.tables.pointer(table)).metadata!));
  expect(log.map((one) => one.version)).toEqual([3, 2, 1]);
  expect(version).toBe(3);
  expect(await compact(ports)).toMatchObject({ version: 3 });
});

test('what is done to a table after that is noted under the pipeline whose rows it holds', async () => {
  const { ports, input } = await published();
  await compact(ports);
  await noteUpkeep(ports, { table, action: 'compact', by: 'ada', detail: {} });
  expect(input.pipeline).not.toBe(table);
  expect(ports.audit.entries).toMatchObject([{ pipeline: input.pipeline, action: 'compact', by: 'ada' }]);
});

test('one file for each partition takes the place of many, with the same rows in their order', async () => {
  const { ports, input } = await published();
  const rows = await publishedRows(ports, table);
  const before = await ports.tables.pointer(table);
  expect(await compact(ports)).toMatchObject({
    version: 2,
    before: { files: 5, rows: 6 },
    after: { files: 2, rows: 6 },
  });
  expect(await publishedRows(ports, table)).toEqual(rows);
  const after = await ports.tables.pointer(table);
  expect(after).toMatchObject({ version: 2, rows: 6, files: 2, run: input.run });
  const files = await filesOf(ports, after.metadata!);
  expect(files.map(({ rows, partition }) => [rows, partition])).toEqual(
    expect.arrayContaining([
      [4, ['a/b']],
      [2, [null]],
    ]),
  );
  for (const { key } of files)
    expect(key).toMatch(/data\/run=compact-[0-9a-f]{16}\/kind=(a%2Fb|__HIVE_DEFAULT_PARTITION__)\/rows\.parquet$/);
  const path = scratchFile('one.parquet', '');
  await ports.objects.download({ key: files.find(({ rows }) => rows === 4)!.key }, path);
  expect((await query(`SELECT n::INTEGER AS n FROM '${path}'`)).map(({ n }) => n)).toEqual([11, 12, 14, 15]);
  // Who reads the older version still finds its files.
  for (const { key, rows } of await filesOf(ports, before.metadata!))
    expect(await ports.objects.find({ key })).toMatchObject({ key, metadata: { rows: String(rows) } });
});

test('a table whose files are few stays as it is', async () => {
  const { ports } = await published();
  const first = await compact(ports);
  const keys = ports.objects.keys();
  expect(await compact(ports)).toEqual({ table, version: 2, before: first.after, after: first.after });
  expect(ports.objects.keys()).toEqual(keys);
  expect(await compactTable({ ...ports, compactFiles }, { table: 'unknown' })).toMatchObject({ version: 0 });
});

describe('a run that publishes meanwhile', () => {
  test('wins, and its files are merged as well', async () => {
    const { ports } = await published();
    const other = await running(ports, '2026-01-02T00:00:00.000Z');
    const raced = catalogAfter(ports, () => other.complete());
    expect(await compact(ports, raced)).toMatchObject({
      version: 3,
      before: { files: 10 },
      after: { files: 2, rows: 12 },
    });
    expect(await publishedRows(ports, table)).toHaveLength(12);
  });

  test('and replaces the table, keeps its own rows alone', async () => {
    const { ports } = await published();
    const other = await running(ports, '2026-01-02T00:00:00.000Z', 'replace');
    const raced = catalogAfter(ports, () => other.complete());
    expect(await compact(ports, raced)).toMatchObject({ version: 3, after: { files: 2, rows: 6 } });
    const rows = await publishedRows(ports, table);
    expect(rows.map((row) => JSON.parse(row).n).sort()).toEqual([20, 21, 22, 23, 24, 25]);
  });

  test('commits on the version that compaction left, where that was faster', async () => {
    const { ports } = await published();
    const { code, input } = await running(ports, '2026-01-02T00:00:00.000Z');
    await publish(ports, code, input);
    await compact(ports);
    await commit(ports, code, input);
    expect(await ports.tables.pointer(table)).toMatchObject({ version: 3, rows: 12, files: 7 });
    expect(await publishedRows(ports, table)).toHaveLength(12);
  });
});

test('two that compact at the same time do it once', async () => {
  const { ports } = await published();
  const outcomes = await Promise.all([compact(ports), compact(ports)]);
  expect(outcomes.map(({ version }) => version)).toEqual([2, 2]);
  expect(await ports.tables.pointer(table)).toMatchObject({ version: 2, rows: 6, files: 2 });
});

test('a lost answer is made up for by calling again', async () => {
  const { ports } = await published();
  const own = ports.tables;
  const lossy: TableCatalog = Object.assign(
    catalogAfter(ports, async () => {}),
    {
      compact: async (next: Parameters<TableCatalog['compact']>[0]) => {
        await own.compact(next);
        throw new Error('the connection was lost');
      },
    },
  );
  await expect(compact(ports, lossy)).rejects.toThrow('the connection was lost');
  expect(await compact(ports)).toMatchObject({ version: 2, after: { files: 2, rows: 6 } });
});
