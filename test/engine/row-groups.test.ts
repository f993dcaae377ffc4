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
  // An eighth less than what two threads hand over of 20 partitions if they get as much each.
  expect(rowGroupRows).toBe(2625);
  expect(dictionaryEntries).toBeGreaterThanOrEqual(300);
  expect(dictionaryEntries).toBeLessThan(480);
});

test.each([
  ['all at once', 0.5, 0.5],
  ['what is left last', 1.7, 0.7],
  ['as many as before', 2, 1],
  ['few that are left last', 2.3, 1],
  ['what is left of many', 5.7, 1],
])('threads that hand over %s', async (_what, times, share) => {
  const { heldRows } = session;
  const { rowGroupRows } = await rowGroupShape(request({ rows: 2 * times * heldRows }));
  expect(rowGroupRows).toBe(Math.ceil((2 * share * heldRows * (7 / 8)) / 20));
});

test('nothing is said of dictionaries where columns are nested, or every column has as many values as one may have', async () => {
  const nested = [...stored, { name: 'list', type: 'BIGINT[]' }];
  expect(await rowGroupShape(request({ select: `SELECT *, [id] AS list FROM (${select})`, stored: nested }))).toEqual({
    rowGroupRows: 2625,
  });
  const half = `SELECT * REPLACE (hash(id) % 520 AS many) FROM (${select})`;
  expect(await rowGroupShape(request({ select: half }))).toEqual({ rowGroupRows: 2625 });
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
