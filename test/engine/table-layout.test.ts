import { expect, test } from 'vitest';
import * as z from 'zod';
import { from, lake, pipeline, s3 } from '../../lib/index.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { compiled, run } from '../fixtures/engine/in-process-run.ts';
import { scratch } from '../fixtures/engine/scratch.ts';

const record = z.object({ id: z.int(), kind: z.string(), noise: z.string(), place: z.int() });
const source = from(s3({ prefix: 'landing/rows/', format: 'parquet' }), record);
type LakeOptions = Partial<Parameters<typeof lake>[0]>;

/** 24,000 rows of 1.6 MB that cannot be packed, in two files. */
const files = Promise.all(
  [0, 1].map(async (half) => {
    const path = `${scratch()}/rows.parquet`;
    const rows = `SELECT (hash(range) % 1000000)::BIGINT AS id, CASE WHEN range % 4 = 0 THEN 'rare' ELSE 'often' END AS kind, md5(range::VARCHAR) || md5('a' || range) || md5('b' || range) || md5('c' || range) AS noise, range AS place FROM range(${half * 12_000}, ${half * 12_000 + 12_000})`;
    await query(`COPY (${rows}) TO '${path}' (FORMAT parquet)`);
    return path;
  }),
);

async function written(options: LakeOptions, chunks?: readonly (readonly number[])[]) {
  const code = await compiled(pipeline('rows', { outputs: [source.to(lake({ table: 'rows', ...options }))] }));
  const inputs = (await files).map((path) => ({ path }));
  const result = await run(code, { rows: inputs }, chunks && { chunks });
  const tables = result.files.filter(({ kind }) => kind === 'table');
  expect(await digestOf(tables.map(({ path }) => path))).toBe(await digestOf(await files));
  return tables;
}

/** Of the columns of the source, whatever the order of the rows. */
async function digestOf(paths: readonly string[]): Promise<string> {
  const list = paths.map((path) => `'${path}'`).join(', ');
  const [row] = await query(
    `SELECT count(*) || ' ' || sum(hash(id, kind, noise, place)::HUGEINT) AS digest FROM read_parquet([${list}], hive_partitioning = false)`,
  );
  return row!.digest;
}

async function groupsOf(path: string) {
  const groups = await query(
    `SELECT row_group_num_rows::INTEGER AS n, sum(total_compressed_size)::INTEGER AS bytes FROM parquet_metadata('${path}') GROUP BY row_group_id, n ORDER BY row_group_id`,
  );
  return groups.map(({ n, bytes }) => ({ rows: Number(n), bytes: Number(bytes) }));
}

test('rows stand in the order of sortBy in each file, and files of one partition each', async () => {
  const tables = await written({ partitionBy: ['kind'], sortBy: [{ column: 'id', descending: true }, 'noise'] });
  expect(tables.map(({ name }) => name)).toEqual([
    'kind=often/process-000000.parquet',
    'kind=rare/process-000000.parquet',
  ]);
  for (const { path } of tables) {
    const rows = await query(`SELECT id::INTEGER AS id, noise FROM '${path}'`);
    const ordered = rows.toSorted((a, b) => b.id - a.id || (a.noise < b.noise ? -1 : 1));
    expect(rows).toEqual(ordered);
  }
});

test('row groups have as many rows as asked for, at the most', async () => {
  const [file] = await written({ rowGroupRows: 3000, sortBy: ['id'] });
  const groups = await groupsOf(file!.path);
  expect(groups.length).toBeGreaterThan(5);
  expect(Math.max(...groups.map(({ rows }) => rows))).toBeLessThanOrEqual(4096);
});

test('row groups have about as many bytes as asked for', async () => {
  const [file] = await written({ rowGroupBytes: 512 * 1024 });
  const sizes = (await groupsOf(file!.path)).map(({ bytes }) => bytes);
  expect(Math.max(...sizes)).toBeLessThan(640 * 1024);
  expect(sizes.filter((bytes) => bytes > 400 * 1024).length).toBeGreaterThan(1);
});

test('a chunk with more than a file should hold writes several, which tell how many there are', async () => {
  const tables = await written({ fileBytes: 1024 * 1024, sortBy: ['id'] });
  const parts = tables.length;
  expect(parts).toBeGreaterThan(1);
  expect(tables.map(({ name }) => name)).toEqual(
    Array.from({ length: parts }, (_, index) => `process-000000-${index + 1}-of-${parts}.parquet`),
  );
  for (const { bytes } of tables) expect(bytes).toBeLessThan(1.2 * 1024 * 1024);
  const ids = await Promise.all(
    tables.map(({ path }) => query(`SELECT min(id)::INTEGER AS least, max(id)::INTEGER AS most FROM '${path}'`)),
  );
  const bounds = ids.flatMap(([one]) => [one!.least, one!.most]);
  expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
});

test('the file of a name has the same rows whichever attempt wrote it, whatever the threads do', async () => {
  const options: LakeOptions = { fileBytes: 1024 * 1024, partitionBy: [{ many: 'id > 4' }] };
  const attempts = await Promise.all([written(options, [[0, 1]]), written(options, [[1, 0]])]);
  const [a, b] = await Promise.all(
    attempts.map((tables) =>
      Promise.all(tables.map(async ({ name, path, rows }) => [name, rows, await digestOf([path])])),
    ),
  );
  expect(a!.length).toBeGreaterThan(1);
  expect(a).toEqual(b);
});
