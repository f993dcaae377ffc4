import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileStatistics } from '../../lib/engine/file-statistics.ts';
import { Session } from '../../lib/engine/session.ts';
import { writeParquet } from '../../lib/engine/write.ts';
import { scratch } from '../fixtures/engine/scratch.ts';

/** Values of all kinds, some of them in some row groups only. */
const columns = {
  whole: ['BIGINT', 'i * 7919 % 10007 - 5000'],
  text: ['VARCHAR', "CASE WHEN i < 3000 THEN NULL ELSE 'ü' || (i * 31 % 1000) END"],
  blank: ['VARCHAR', "CASE WHEN i > 10 THEN 'a' ELSE '' END"],
  nothing: ['INTEGER', 'NULL'],
  truth: ['BOOLEAN', 'i > 5000'],
  fraction: ['DOUBLE', '(i % 300) / 7 - 20'],
  endless: ['DOUBLE', "CASE WHEN i = 20 THEN 'inf'::DOUBLE ELSE i END"],
  unordered: ['DOUBLE', "CASE WHEN i = 4 THEN 'nan'::DOUBLE ELSE i END"],
  money: ['DECIMAL(12,2)', 'i / 100 - 30'],
  wide: ['DECIMAL(38,0)', 'i - 4000'],
  day: ['DATE', "DATE '1960-02-29' + (i * 3)::INTEGER"],
  moment: ['TIMESTAMP', "TIMESTAMP '1969-12-31 23:59:59.123456' + to_milliseconds(i)"],
  zoned: ['TIMESTAMP WITH TIME ZONE', "TIMESTAMPTZ '1969-12-31 23:59:59.123456+00' + to_milliseconds(i)"],
  hour: ['TIME', "TIME '00:00:00' + to_seconds(i % 80000)"],
  'odd "name".': ['UUID', "('00000000-0000-0000-0000-' || lpad(i::VARCHAR, 12, '0'))::UUID"],
  list: ['BIGINT[]', '[i, i + 1]'],
} as const;
const stored = Object.entries(columns).map(([name, [type]]) => ({ name, type: type as string }));
const rows = 9000;
const select = `SELECT ${Object.entries(columns)
  .map(([name, [type, sql]]) => `(${sql})::${type} AS "${name.replaceAll('"', '""')}"`)
  .join(', ')}, i % 3 AS part FROM range(${rows}) numbers(i)`;

let session: Session;
const folder = scratch();
beforeAll(async () => {
  session = await Session.open({ folders: [folder], memoryMegabytes: 1769, threads: 2 });
});
afterAll(() => session.close());

describe('what is known of the columns of a file', () => {
  test.each([
    ['in partitions', { partitionBy: ['part'], rows }],
    ['in partitions of many row groups', { partitionBy: ['part'], sizes: { rowGroupRows: 2048 } }],
    ['in one file', { partitionBy: [], sizes: { rowGroupRows: 2048 } }],
    ['in files that were cut to their size', { partitionBy: [], sizes: { fileBytes: 100_000 } }],
  ])('without reading it is what its footer says: %s', async (name, options) => {
    const place = { kind: 'table', of: 'things', name: 'file', folder: `${folder}/${name}` } as const;
    const files = await writeParquet({ session, select, stored, ...place, ...options });
    const paths = files.map(({ path }) => path);
    const footers = await fileStatistics(session, paths, stored);
    for (const { path, columns: told } of files) expect(told).toEqual(footers.get(path));
    expect(files[0]!.columns).toMatchObject({ truth: { min: 'false' }, wide: { nulls: 0 } });
    expect(files.some(({ columns: told }) => told!.unordered!.max === undefined)).toBe(true);
    expect(files.reduce((sum, file) => sum + file.rows, 0)).toBe(rows);
  });

  test('keeps the bounds of a restricted column to itself', async () => {
    const place = { kind: 'table', of: 'things', name: 'file', folder: `${folder}/closed`, partitionBy: [] } as const;
    const closed = stored.map((column) => (column.name === 'whole' ? { ...column, restricted: true } : column));
    const [file] = await writeParquet({ session, select, stored: closed, ...place });
    expect(file!.columns!.whole).toEqual({ bytes: expect.any(Number), nulls: 0 });
  });
});

describe('the row groups of partitions', () => {
  const groupsOf = async (options: { rows?: number; partitions?: number; sizes?: { rowGroupRows: number } }) => {
    const place = {
      kind: 'table',
      of: 'things',
      name: 'file',
      folder: `${folder}/groups${JSON.stringify(options).replaceAll(/\W/g, '')}`,
    } as const;
    const many = 'SELECT i, i % 4 AS part FROM range(400000) numbers(i)';
    const files = await writeParquet({ session, select: many, partitionBy: ['part'], ...place, ...options });
    const list = files.map(({ path }) => `'${path}'`).join(', ');
    return session.counts(
      `SELECT max(row_group_num_rows), count(DISTINCT (file_name, row_group_id)) FROM parquet_metadata([${list}])`,
    );
  };

  test('are as large as what a thread has of a partition when it writes', async () => {
    const [largest, groups] = (await groupsOf({ rows: 400_000 })) as [number, number];
    expect(largest).toBeLessThanOrEqual(102_400);
    expect(groups).toBeLessThanOrEqual(12);
    expect(await groupsOf({ rows: 400_000, partitions: 400 })).toEqual([2048, expect.any(Number)]);
  });

  test('are as large as was asked for', async () => {
    const [largest] = await groupsOf({ rows: 400_000, sizes: { rowGroupRows: 20_480 } });
    expect(largest).toBe(20_480);
  });

  test('are left to DuckDB where nobody knows how many rows there are', async () => {
    const [, groups] = await groupsOf({});
    expect(groups).toBeLessThanOrEqual(8);
  });
});
