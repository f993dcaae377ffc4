import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StoredColumn } from '../../lib/engine/field-ids.ts';
import { rowGroupShape } from '../../lib/engine/row-groups.ts';
import { Session } from '../../lib/engine/session.ts';
import { writeParquet } from '../../lib/engine/write.ts';
import { scratch } from '../fixtures/engine/scratch.ts';

const folder = scratch();
let session: Session;
beforeAll(async () => {
  session = await Session.open({ folders: [folder], memoryMegabytes: 1769, threads: 2 });
});
afterAll(() => session.close());

const types = { id: 'BIGINT', day: 'BIGINT', few: 'BIGINT', many: 'BIGINT', text: 'VARCHAR' };
const stored: readonly StoredColumn[] = Object.entries(types).map(([name, type]) => ({ name, type }));
const select =
  "SELECT i AS id, i % 20 AS day, i % 7 AS few, hash(i) % 300 AS many, 'text ' || i AS text FROM range(60000) r(i)";
const request = (more: object = {}) => ({
  get session() {
    return session;
  },
  select,
  partitionBy: ['day'],
  rows: 60_000,
  stored,
  ...more,
});

test('row groups are as large as what threads hand over, dictionaries as long as the longest that is kept', async () => {
  const { rowGroupRows, dictionaryEntries } = await rowGroupShape(request());
  expect(rowGroupRows).toBe(3000);
  expect(dictionaryEntries).toBeGreaterThanOrEqual(300);
  expect(dictionaryEntries).toBeLessThan(480);
});

test('nothing is said of dictionaries where columns are nested, or every column has as many values as one may have', async () => {
  const nested = [...stored, { name: 'list', type: 'BIGINT[]' }];
  expect(await rowGroupShape(request({ select: `SELECT *, [id] AS list FROM (${select})`, stored: nested }))).toEqual({
    rowGroupRows: 3000,
  });
  const half = `SELECT * REPLACE (hash(id) % 590 AS many) FROM (${select})`;
  expect(await rowGroupShape(request({ select: half }))).toEqual({ rowGroupRows: 3000 });
});

test('sizes that were asked for, few rows and an unknown number of them are left alone', async () => {
  expect(await rowGroupShape(request({ sizes: { rowGroupRows: 5000 } }))).toEqual({});
  expect(await rowGroupShape(request({ rows: 100 }))).toEqual({});
  expect(await rowGroupShape(request({ rows: undefined }))).toEqual({});
});

test('a column whose values repeat has a dictionary, one of single values has none', async () => {
  mkdirSync(join(folder, 'files'));
  const files = await writeParquet({
    ...request(),
    kind: 'table',
    of: 'things',
    folder: join(folder, 'files'),
    name: 'rows',
  });
  const paths = files.map(({ path }) => `'${path}'`).join(', ');
  const rows = await session.rows(
    `SELECT path_in_schema AS name, bool_and(dictionary_page_offset IS NOT NULL) AS has FROM parquet_metadata([${paths}]) GROUP BY ALL ORDER BY name`,
  );
  expect(Object.fromEntries(rows.map(({ name, has }) => [name, has]))).toMatchObject({
    few: true,
    many: true,
    id: false,
    text: false,
  });
});
