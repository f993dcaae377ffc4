import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { aggregate, derive, from, lake, pipeline, s3 } from '../../lib/index.ts';
import { expectBalance } from '../fixtures/engine/balance.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { compiled, rejectFiles, run, tableFiles } from '../fixtures/engine/in-process-run.ts';
import { openEachDatabase } from '../fixtures/engine/kept-databases.ts';
import { scratch } from '../fixtures/engine/scratch.ts';

openEachDatabase();

/** A function with room for 24 MB of values that cannot be spilled. */
const small = { memoryMegabytes: 224, threads: 1 };
const rows = 220_000;

const wide = { long: "repeat('x', 150)" };

/** Most rows have the key 7; the others have 4096 keys. */
const made = `SELECT CASE WHEN i % 4 = 0 THEN (hash(i) & 4095)::BIGINT ELSE 7 END AS k, (hash(i) % 999983) / 8.0 AS x, (hash(i) % 1000)::BIGINT AS n FROM range(${rows}) t(i)`;
const main = from(
  s3({ prefix: 'landing/main/', format: 'parquet' }),
  z.object({ k: z.int(), x: z.number(), n: z.int() }),
);

async function grouped(measures: Record<string, string>, by: string[], wide: Record<string, string> = {}) {
  const path = join(scratch(), 'rows.parquet');
  await query(`COPY (${made}) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 20480)`);
  const rows = main.pipe(derive({ money: 'x::DECIMAL(12, 3)', day: "DATE '2000-01-01' + n::INTEGER", ...wide }));
  const output = rows.pipe(aggregate({ by, measures })).to(lake({ table: 'out' }));
  const result = await run(await compiled(pipeline('held', { outputs: [output] })), { main: [{ path }] }, small);
  expectBalance(result);
  const files = tableFiles(result, 'out').map((file) => `'${file}'`);
  const rejects = rejectFiles(result).map((file) => `'${file}'`);
  return { result, path, from: `read_parquet([${files.join(', ')}])`, rejects };
}

test('quantiles and modes of more values than can be held are those of the function itself, group by group', async () => {
  const measures = {
    middle: 'median(x)',
    fifth: 'quantile_cont(x, 0.2)',
    several: 'quantile_cont(money, [0.1, 0.5, 0.99])',
    discrete: 'quantile_disc(day, 0.337)',
    noon: 'median(day)',
    some: 'median(n) FILTER (n < 500 AND n > 10) + 1',
    usual: 'mode(n ORDER BY x DESC)',
    differing: 'median(DISTINCT n)',
    rows: 'count(*)',
    total: 'sum(n)',
    huge: 'sum(DISTINCT ((x * 8)::HUGEINT - 500000) * 10000000000000000000000000000)',
  };
  const { from, path, rejects } = await grouped(measures, ['k']);
  expect(rejects).toEqual([]);
  const list = Object.entries(measures).map(([name, sql]) => `${sql} AS "${name}"`);
  const whole = `SELECT k, ${list.join(', ')} FROM (SELECT *, file_row_number AS row, x::DECIMAL(12, 3) AS money, DATE '2000-01-01' + n::INTEGER AS day FROM read_parquet('${path}', file_row_number = true)) GROUP BY k`;
  const [differ] = await query(
    `SELECT count(*)::INTEGER AS n, (SELECT count(*)::INTEGER FROM ${from}) AS groups FROM (FROM (${whole}) EXCEPT ALL SELECT k, ${Object.keys(
      measures,
    )
      .map((name) => `"${name}"`)
      .join(', ')} FROM ${from})`,
  );
  expect(differ).toEqual({ n: 0, groups: 4096 });
});

test('a list that is too large makes a reject of its group, which says so, and of no other', async () => {
  const { from, result, rejects } = await grouped({ all: 'list(long ORDER BY n)', rows: 'count(*)' }, ['k'], wide);
  expect(
    await query(`SELECT count(*)::INTEGER AS groups, max(len("all"))::INTEGER < 100 AS short FROM ${from}`),
  ).toEqual([{ groups: 4095, short: true }]);
  expect(result.steps.find(({ node }) => node.includes('aggregate'))).toMatchObject({
    rejected: 1,
    rowsOut: 4095,
    rules: { 'all can be computed': 1 },
  });
  const [{ raw, reason }] = (await query(`SELECT raw, reason FROM read_parquet([${rejects.join(', ')}])`)) as [
    { raw: string; reason: string },
  ];
  expect(raw).toBe('{"k":7}');
  expect(reason).toMatch(/^all: "165\d{3} rows" are more than list\(\) can hold in the memory of the function$/);
});

test('one group of all rows is no exception, nor are texts', async () => {
  const { from, result } = await grouped({ text: "string_agg(long, ',' ORDER BY x)", middle: 'median(x)' }, [], wide);
  expect(await query(`SELECT count(*)::INTEGER AS n FROM ${from}`).catch(() => [])).toEqual([]);
  expect(result.steps.find(({ node }) => node.includes('aggregate'))).toMatchObject({
    rowsIn: rows,
    rejected: 1,
    merged: rows - 1,
  });
});
