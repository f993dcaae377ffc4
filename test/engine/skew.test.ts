import { join as joinPath } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import {
  aggregate,
  type Dataset,
  deduplicate,
  from,
  join,
  lake,
  pipeline,
  rank,
  s3,
  sample,
  sort,
} from '../../lib/index.ts';
import { expectBalance } from '../fixtures/engine/balance.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { compiled, run, tableFiles } from '../fixtures/engine/in-process-run.ts';
import { openEachDatabase } from '../fixtures/engine/kept-databases.ts';
import { scratch } from '../fixtures/engine/scratch.ts';

openEachDatabase();

/** Nine rows of ten have the same key, and all rows together are larger than what DuckDB may fill (128 MB). */
const rows = 150_000;
/** As skewed, for what is about the rows that travel and not about memory. */
const fewRows = 15_000;
const files = 3;
const small = { memoryMegabytes: 320, threads: 1, chunks: [[0, 3], [1], [2]], partitions: 4 };
let paths: readonly string[];
let fewPaths: readonly string[];
let side: string;

const record = z.object({ k: z.int(), id: z.int(), x: z.number(), pad: z.string() });
const main = from(s3({ prefix: 'landing/main/', format: 'parquet' }), record);
const cities = from(
  s3({ prefix: 'landing/cities/', format: 'parquet' }),
  z.object({ code: z.int(), city: z.string() }),
);

/** Files of so many rows together. */
function skewedFiles(rows: number): Promise<string[]> {
  const folder = scratch();
  const paths = Array.from({ length: files }, async (_, file) => {
    const path = joinPath(folder, `${file}.parquet`);
    await query(
      `COPY (SELECT CASE WHEN i % 10 = 0 THEN (hash(i) & 1023)::BIGINT ELSE 7 END AS k, i + ${file} * ${rows / files} AS id, (hash(i) % 1000) / 8.0 AS x, ` +
        `repeat(md5(i::VARCHAR), 32) AS pad FROM range(${rows / files}) t(i)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 20480)`,
    );
    return path;
  });
  return Promise.all(paths);
}

beforeAll(async () => {
  [paths, fewPaths] = [await skewedFiles(rows), await skewedFiles(fewRows)];
  side = joinPath(scratch(), 'side.parquet');
  await query(`COPY (SELECT i AS code, 'city ' || i AS city FROM range(1024) t(i)) TO '${side}' (FORMAT parquet)`);
});

async function skewed(dataset: Dataset, from = paths) {
  const code = await compiled(pipeline('skewed', { outputs: [dataset.to(lake({ table: 'out' }))] }));
  const inputs = { main: from.map((path) => ({ path })), cities: [{ path: side }] };
  const result = await run(code, inputs, small);
  expectBalance(result);
  const sent = result.files.filter((file) => file.kind === 'exchange').map(({ path }) => `'${path}'`);
  const [moved] = await query(
    `SELECT count(*)::INTEGER AS rows FROM read_parquet([${sent.join(', ')}], union_by_name = true)`,
  );
  const tables = tableFiles(result, 'out').map((path) => `'${path}'`);
  const largest = Math.max(...result.files.filter(({ kind }) => kind === 'table').map((file) => file.rows));
  return { moved: moved!.rows as number, largest, from: `read_parquet([${tables.join(', ')}])` };
}

test('a group that has most rows travels as one row of each chunk', async () => {
  const grouped = main.pipe(aggregate({ by: ['k'], measures: { n: 'count(*)', x: 'sum(x)' } }));
  const { moved, from } = await skewed(grouped, fewPaths);
  expect(moved).toBeLessThan(files * 1025);
  const [hot] = await query(`SELECT n::INTEGER AS n, x FROM ${from} WHERE k = 7`);
  expect(hot!.n).toBeGreaterThanOrEqual(fewRows * 0.9);
});

test('duplicates of a key that most rows have are merged before they travel', async () => {
  const { moved, from } = await skewed(main.pipe(deduplicate({ key: ['k'], keep: 'latest', by: 'id' })), fewPaths);
  expect(moved).toBeLessThan(files * 1025);
  expect(await query(`SELECT max(id)::INTEGER AS id FROM ${from} WHERE k = 7`)).toEqual([{ id: fewRows - 1 }]);
});

test('of a key that most rows have, only those that can be among the top travel', async () => {
  const { moved, from } = await skewed(
    main.pipe(rank({ by: ['k'], order: [{ column: 'id', descending: true }], top: 3 })),
    fewPaths,
  );
  expect(moved).toBeLessThan(files * 1025 * 3);
  expect(await query(`SELECT id::INTEGER AS id FROM ${from} WHERE k = 7 ORDER BY rank`)).toEqual(
    [1, 2, 3].map((place) => ({ id: fewRows - place })),
  );
});

test('of all rows, only those that can be drawn travel to the one worker that draws', async () => {
  const { moved, from } = await skewed(main.pipe(sample({ count: 50 })), fewPaths);
  expect(moved).toBe(files * 50);
  expect(await query(`SELECT count(*)::INTEGER AS n FROM ${from}`)).toEqual([{ n: 50 }]);
});

test('a join in which most rows have one key streams them past the other side', async () => {
  const { from } = await skewed(main.pipe(join({ with: cities, on: 'k = code', how: 'left' })));
  expect(await query(`SELECT count(*)::INTEGER AS n, count(city)::INTEGER AS found FROM ${from}`)).toEqual([
    { n: rows, found: rows },
  ]);
});

test('a window over a key that most rows have spills what does not fit in memory', async () => {
  const { moved, from } = await skewed(
    main.pipe(rank({ by: ['k'], order: [{ column: 'x', descending: true }], as: 'place' })),
  );
  expect(moved).toBe(rows);
  const [hot] = await query(
    `SELECT count(*)::INTEGER AS n, max(place)::INTEGER AS last, count(DISTINCT place)::INTEGER AS places FROM ${from} WHERE k = 7`,
  );
  expect(hot).toEqual({ n: hot!.last, last: hot!.last, places: hot!.last });
  expect(hot!.n).toBeGreaterThan(rows * 0.9);
});

test('rows of which most are equal in an order are sorted by all workers', async () => {
  const { moved, from, largest } = await skewed(main.pipe(sort({ order: ['k'] })));
  expect(moved).toBe(rows);
  expect(largest).toBeLessThan(rows / 2);
  expect(await query(`SELECT count(*)::INTEGER AS n FROM ${from}`)).toEqual([{ n: rows }]);
});

test('a worker sorts more than fits in its memory, of which most rows are equal in the order', async () => {
  const code = await compiled(
    pipeline('alone', { outputs: [main.pipe(sort({ order: ['k'] })).to(lake({ table: 'out' }))] }),
  );
  const { chunks: _, ...alone } = small;
  const result = await run(code, { main: paths.map((path) => ({ path })) }, alone);
  expectBalance(result);
  const found: { high: number; n: number }[] = [];
  const files = result.files.filter(({ kind }) => kind === 'table').toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const { path } of files) {
    const [ends] = await query(
      `SELECT min(k)::INTEGER AS low, max(k)::INTEGER AS high, count(*)::INTEGER AS n, bool_and(before IS NULL OR (k, id) > (before, earlier)) AS sorted ` +
        `FROM (SELECT k, id, lag(k) OVER place AS before, lag(id) OVER place AS earlier FROM read_parquet('${path}', file_row_number = true) WINDOW place AS (ORDER BY file_row_number))`,
    );
    expect(ends!.sorted).toBe(true);
    expect(ends!.low).toBeGreaterThanOrEqual(found.at(-1)?.high ?? 0);
    found.push({ high: ends!.high, n: ends!.n });
  }
  expect(found.length).toBeGreaterThan(1);
  expect(found.reduce((sum, { n }) => sum + n, 0)).toBe(rows);
});
