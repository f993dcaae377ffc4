import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { inspectFile } from '../../../lib/engine/index.ts';
import { from, lake, map, pipeline, s3 } from '../../../lib/index.ts';
import { query } from '../../fixtures/engine/duckdb.ts';
import { compiled, run } from '../../fixtures/engine/in-process-run.ts';
import { withLongDecimals } from '../../fixtures/engine/long-decimals.ts';
import { type ReadingOptions, readPath } from '../../fixtures/engine/read-file.ts';
import { scratch } from '../../fixtures/engine/scratch.ts';
import { vega } from '../../fixtures/engine/shipped.ts';

/** A Parquet file of these rows, under a name that does not tell what it is. */
async function parquet(select: string): Promise<string> {
  const path = join(scratch(), 'input-0');
  await query(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  return path;
}

function read(path: string, schema: z.ZodObject, options: Partial<ReadingOptions> = {}) {
  return readPath(path, { format: 'parquet', schema, ...options });
}

describe('a value that the wanted type cannot hold unchanged is rejected, not rounded', () => {
  test.each<[string, string, z.ZodType, unknown[], number[]]>([
    ['fractions', 'DOUBLE', z.int(), ['1', '-2'], [3, 4, 5]],
    ['large integers', 'BIGINT', z.number(), [9_007_199_254_740_992], [2]],
    ['small integers', 'INTEGER', z.int(), ['1', '2'], []],
    ['times of day', 'TIMESTAMP', z.iso.date(), ['2001-01-01'], [2]],
    ['nanoseconds', 'TIMESTAMP_NS', z.iso.datetime(), ['2001-01-01 00:00:00.000001'], [2]],
    ['instants', 'TIMESTAMPTZ', z.date(), ['2001-01-01 00:00:00'], []],
    ['decimals', 'DECIMAL(18,3)', z.int(), ['1'], [2]],
    ['text', 'VARCHAR', z.int(), ['7'], [2]],
    ['numbers that are none', 'DOUBLE', z.number(), [1.5], [2, 3]],
  ])('%s', async (_, type, schema, good, bad) => {
    const values: Record<string, string> = {
      fractions: "1, -2, 1.5, 'nan', 1e300",
      'large integers': '9007199254740992, 9007199254740993',
      'small integers': '1, 2',
      'times of day': "'2001-01-01 00:00:00', '2001-01-01 00:00:01'",
      nanoseconds: "'2001-01-01 00:00:00.000001', '2001-01-01 00:00:00.000000001'",
      instants: "'2001-01-01 00:00:00+00'",
      decimals: '1.000, 1.001',
      text: "'7', '7.5'",
      'numbers that are none': "'1.5', 'nan', '-inf'",
    };
    const path = await parquet(`SELECT unnest([${values[_]}]::${type}[]) AS v`);
    const reading = await read(path, z.object({ v: schema as z.ZodString }));
    expect(reading.rows.map(({ v }) => v)).toEqual(good);
    expect(reading.rejects.map(({ row }) => row)).toEqual(bad);
  });
});

test('a reject shows the row as it was', async () => {
  const path = await parquet("SELECT 5 AS a, 'x' AS b");
  const { rejects } = await read(path, z.object({ a: z.int().max(4), b: z.string() }));
  expect(rejects).toEqual([{ row: 1, rule: 'a <= 4', reason: 'a: "5" is above 4', raw: '{"a":5,"b":"x"}' }]);
});

test.each([0, 1, 10, 11, 99, 100])('with %i bad rows of 100, the others are kept, each with its place', async (bad) => {
  const schema = z.object({ v: z.int().min(bad), w: z.string().nullable() });
  const { rows, rejects } = await read(await parquet('SELECT i AS v, i::VARCHAR AS w FROM range(100) r(i)'), schema);
  expect(rows.map(({ v }) => Number(v)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 100 - bad }, (_, i) => bad + i),
  );
  expect(rejects.map(({ row }) => row)).toEqual(Array.from({ length: bad }, (_, i) => i + 1));
});

test('a column of nothing but NULL, no rows, and one row', async () => {
  const schema = z.object({ v: z.int().nullable() });
  expect(await read(await parquet('SELECT NULL::BIGINT AS v FROM range(3)'), schema)).toMatchObject({
    rowsIn: 3,
    rejects: [],
  });
  expect(await read(await parquet('SELECT 1::BIGINT AS v WHERE false'), schema)).toMatchObject({ rowsIn: 0, rows: [] });
  expect(await read(await parquet('SELECT 1::BIGINT AS v'), schema)).toMatchObject({ rowsIn: 1, rows: [{ v: '1' }] });
  const strict = await read(await parquet('SELECT NULL::BIGINT AS v'), z.object({ v: z.int() }));
  expect(strict.rejects).toMatchObject([{ rule: 'v is present', reason: 'v: is missing' }]);
});

test('columns are data, whatever DuckDB calls its own', async () => {
  const schema = z.object({
    filename: z.string(),
    file_index: z.int(),
    rowid: z.int(),
    p: z.int(),
    file_row_number: z.int(),
  });
  const path = await parquet(
    "SELECT 'f' AS filename, 7 AS file_index, 8 AS rowid, 9 AS p, 10 AS file_row_number, 11 AS __row, 12 AS __number",
  );
  expect((await read(path, schema)).rows).toEqual([
    { filename: 'f', file_index: '7', rowid: '8', p: '9', file_row_number: '10' },
  ]);
});

describe('what DuckDB would give otherwise than the file has it is refused where it is asked for', () => {
  test('decimals of more than 38 digits', async () => {
    const path = await parquet("SELECT 1 AS a, 1.25::DECIMAL(38,2) AS d, {'d': 1.5::DECIMAL(38,2)} AS s");
    writeFileSync(path, withLongDecimals(readFileSync(path)));
    const nested = z.object({ s: z.object({ d: z.number() }) });
    for (const schema of [z.object({ d: z.number() }), nested])
      await expect(read(path, schema)).rejects.toMatchObject({
        name: 'SchemaMismatchError',
        received: 'DECIMAL(50,2)',
        allowed: 'decimals of at most 38 digits',
        change: expect.stringContaining('with fewer digits'),
      });
    expect((await read(path, z.object({ a: z.int() }))).rows).toEqual([{ a: '1' }]);
  });

  test('two columns of one name, upper and lower case being the same', async () => {
    const path = await parquet('SELECT 1 AS name_1, 2 AS name_2, 3 AS name_3, 4 AS b');
    const bytes = readFileSync(path, 'latin1').replaceAll('name_2', 'name_1').replaceAll('name_3', 'NAME_1');
    writeFileSync(path, Buffer.from(bytes, 'latin1'));
    for (const name of ['name_1', 'NAME_1'])
      await expect(read(path, z.object({ [name]: z.int() }))).rejects.toMatchObject({
        name: 'SchemaMismatchError',
        problem: expect.stringContaining('names the column "name_1" twice'),
      });
    expect((await read(path, z.object({ b: z.int() }))).rows).toEqual([{ b: '4' }]);
    const like = await parquet('SELECT 1 AS a, 2 AS a_1');
    expect((await read(like, z.object({ a_1: z.int() }))).rows).toEqual([{ a_1: '2' }]);
  });
});

describe('a file that is no whole Parquet file is refused', () => {
  const schema = z.object({ date: z.date() });

  test.each([0, 3, 1000, 13_000_000])('cut to %i bytes', async (bytes) => {
    const path = join(scratch(), 'input-0');
    copyFileSync(vega('flights-3m.parquet'), path);
    truncateSync(path, bytes);
    await expect(read(path, schema)).rejects.toMatchObject({ name: 'InputMalformedError' });
    await expect(inspectFile({ path, key: 'landing/x' })).rejects.toMatchObject({ name: 'InputMalformedError' });
  });

  test.each([
    ['a column that is checked', z.object({ a: z.int(), b: z.string() })],
    ['a column of which nothing is asked', z.object({ a: z.int(), b: z.string().nullable() })],
  ])('damaged in the middle, in %s', async (_, damagedSchema) => {
    const path = await parquet('SELECT i AS a, hash(i)::VARCHAR AS b FROM range(100000) r(i)');
    const bytes = readFileSync(path);
    bytes.fill(0xaa, 2000, 60_000);
    const damaged = join(scratch(), 'input-0');
    writeFileSync(damaged, bytes);
    await expect(read(damaged, damagedSchema)).rejects.toMatchObject({ name: 'InputMalformedError' });
  });
});

test('days and times of no year from 1 to 9999 are rejected, infinity among them, wherever they stand', async () => {
  const path = await parquet(
    "SELECT * FROM (VALUES (DATE '9999-12-31', TIMESTAMP '0001-01-01', [DATE '2001-01-01', NULL], {'at': TIMESTAMP '2001-01-01'}), " +
      "(NULL, NULL, NULL, NULL), ('infinity', NULL, NULL, NULL), (NULL, TIMESTAMP '10000-01-01', NULL, NULL), " +
      "(NULL, NULL, [NULL, 'infinity'::DATE], NULL), (NULL, NULL, NULL, {'at': '-infinity'::TIMESTAMP}), (DATE '0044-03-15 (BC)', NULL, NULL, NULL)) t(day, \"at\", days, part)",
  );
  const schema = z.object({
    day: z.iso.date().nullable(),
    at: z.iso.datetime().nullable(),
    days: z.array(z.iso.date().nullable()).nullable(),
    part: z.object({ at: z.iso.datetime().nullable() }).nullable(),
  });
  const { rows, rejects } = await read(path, schema);
  expect(rows).toHaveLength(2);
  expect(rejects.map(({ row, rule }) => [row, rule])).toEqual([
    [3, 'day is on the calendar'],
    [4, 'at is on the calendar'],
    [5, 'days is on the calendar'],
    [6, 'part is on the calendar'],
    [7, 'day is on the calendar'],
  ]);
});

test('what is damaged beyond the rows of a chunk is not to blame for a step that fails', async () => {
  const path = join(scratch(), 'input-0');
  await query(
    `COPY (SELECT i AS a, hash(i)::VARCHAR AS b FROM range(100000) r(i)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 20480)`,
  );
  const [, second] = await inspectFile({ path, key: 'landing/x' });
  const bytes = readFileSync(path);
  bytes.fill(0xaa, second!.bytes.from, second!.bytes.to);
  const damaged = join(scratch(), 'input-0');
  writeFileSync(damaged, bytes);
  const main = from(s3({ prefix: 'landing/main/', format: 'parquet' }), z.object({ a: z.int() }));
  const endless = () => {
    for (;;);
  };
  const failing = main.pipe(map(z.object({ a: z.int() }), endless, { deadlineSeconds: 0.005 }));
  const code = await compiled(pipeline('failing', { outputs: [failing.to(lake({ table: 'out' }))] }));
  const reading = (to: number) => run(code, { main: [{ path: damaged, rows: { from: 0, to } }] }, { threads: 1 });
  await expect(reading(20_480)).rejects.toMatchObject({ name: 'StepFailedError' });
  await expect(reading(20_481)).rejects.toMatchObject({ name: 'InputMalformedError' });
});

test('a missing column, an unknown one where the contract is strict', async () => {
  const path = await parquet('SELECT 1 AS a, 2 AS Flight');
  await expect(read(path, z.object({ flight: z.int() }))).rejects.toMatchObject({
    name: 'SchemaMismatchError',
    change: expect.stringContaining('"Flight"'),
  });
  await expect(read(path, z.strictObject({ a: z.int() }))).rejects.toMatchObject({ name: 'SchemaMismatchError' });
});
