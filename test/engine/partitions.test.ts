import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { deduplicate, from, lake, pipeline, s3 } from '../../lib/index.ts';
import { expectBalance } from '../fixtures/engine/balance.ts';
import { query, rowsOf } from '../fixtures/engine/duckdb.ts';
import { compiled, run } from '../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

/** Writes rows in partitions of their text `v` and integer `n`; JSON, so that any text can be had. */
async function partitioned(rows: readonly { v: string | null; n: number }[], options: { chunked?: boolean } = {}) {
  const source = from(
    s3({ prefix: 'landing/things/', format: 'ndjson' }),
    z.object({ v: z.string().nullable(), n: z.int() }),
  );
  const steps = options.chunked ? [deduplicate({ key: ['v', 'n'] })] : [];
  const definition = pipeline('things', {
    outputs: [source.pipe(...steps).to(lake({ table: 'things', partitionBy: ['v'] }))],
  });
  const path = scratchFile('input-0', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const cut = options.chunked ? { chunks: [[0]], partitions: 3 } : {};
  const result = await run(await compiled(definition), { things: [{ path }] }, cut);
  expectBalance(result);
  return result.files.filter((file) => file.kind === 'table');
}

const hostile = [
  'plain',
  'a/b',
  'a=b',
  '..',
  '.',
  'with space',
  'größe',
  '日本',
  '😀',
  '%2F',
  'a+b&c?d#e',
  'back\\slash',
  '"quoted"',
  "it's",
  'line\nend',
  'nul\0byte',
  '*',
  '~',
  'NULL',
  'null',
  'A',
  'a',
];

describe('a partition value', () => {
  test('comes back exactly, and gives its file a key of its own', async () => {
    const files = await partitioned([...hostile, null].map((v, n) => ({ v, n })));
    expect(new Set(files.map((file) => file.partitionValues!.v))).toEqual(new Set([...hostile, null]));
    expect(new Set(files.map((file) => file.name)).size).toBe(hostile.length + 1);
    for (const { name } of files) {
      expect(name).toMatch(/^v=[A-Za-z0-9_.%-]*\/process-000000\.parquet$/);
      expect(name.split('/')).toHaveLength(2);
    }
    for (const file of files) {
      const [row] = await query(`SELECT v FROM read_parquet('${file.path}', hive_partitioning = false)`);
      expect(row!.v).toBe(file.partitionValues!.v);
    }
  });

  test('of ordinary letters names its folder as it is', async () => {
    const files = await partitioned([{ v: '2001-01-31', n: 1 }]);
    expect(files).toMatchObject([
      { name: 'v=2001-01-31/process-000000.parquet', partitionValues: { v: '2001-01-31' } },
    ]);
  });

  test('that spells the folder of NULL is kept apart from NULL', async () => {
    const files = await partitioned([
      { v: null, n: 1 },
      { v: '__HIVE_DEFAULT_PARTITION__', n: 2 },
    ]);
    expect(files.map(({ name, partitionValues, rows }) => [name, partitionValues!.v, rows])).toEqual([
      ['v=%5F_HIVE_DEFAULT_PARTITION__/process-000000.parquet', '__HIVE_DEFAULT_PARTITION__', 1],
      ['v=__HIVE_DEFAULT_PARTITION__/process-000000.parquet', null, 1],
    ]);
    expect((await rowsOf(files.map((file) => file.path))).sort()).toEqual([
      '{"v":"__HIVE_DEFAULT_PARTITION__","n":2}',
      '{"v":null,"n":1}',
    ]);
  });

  test('too long for the name of a folder is shortened, not confused', async () => {
    const long = ['x'.repeat(5000), `${'x'.repeat(5000)}y`, '日'.repeat(300), 'short'];
    const files = await partitioned(long.map((v, n) => ({ v, n })));
    expect(files.map((file) => file.partitionValues!.v).sort()).toEqual([...long].sort());
    expect(new Set(files.map((file) => file.name)).size).toBe(4);
    for (const { name } of files) expect(name.length).toBeLessThan(160);
    expect(files.find((file) => file.partitionValues!.v === 'short')!.name).toBe('v=short/process-000000.parquet');
  });
});

test('many partitions make one file each', async () => {
  const rows = Array.from({ length: 3000 }, (_, n) => ({ v: `value ${n % 1100}`, n }));
  const files = await partitioned(rows);
  expect(files).toHaveLength(1100);
  expect(files.reduce((sum, file) => sum + file.rows, 0)).toBe(3000);
});

test('rows of an exchange go to the partition of their key, and remember the file that they come from', async () => {
  const rows = Array.from({ length: 100 }, (_, n) => ({ v: `v${n % 7}`, n: n % 20 }));
  const files = await partitioned(rows, { chunked: true });
  expect(new Set(files.map(({ name }) => basename(name)))).toEqual(
    new Set(['reduce-1-000000.parquet', 'reduce-1-000001.parquet', 'reduce-1-000002.parquet']),
  );
  expect(files.reduce((sum, file) => sum + file.rows, 0)).toBe(100);
});
