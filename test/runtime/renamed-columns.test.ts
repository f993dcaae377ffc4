import { icebergRead } from 'icebird';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import type { Output } from '../../lib/definition/dataset.ts';
import { compactFiles, prunedFiles, queryTables } from '../../lib/engine/index.ts';
import {
  cast,
  type Dataset,
  deduplicate,
  enrich,
  fileArrives,
  from,
  join,
  lake,
  pipeline,
  references,
  rename,
  s3,
  select,
  table,
  within,
} from '../../lib/index.ts';
import { compactTable } from '../../lib/runtime/compact/compact-table.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { boundsByColumn } from '../../lib/runtime/publish/file-bounds.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { currentSchema, readMetadata, readTable } from '../../lib/runtime/publish/read-table.ts';
import { decideReview } from '../../lib/runtime/review/decide-review.ts';
import { release } from '../../lib/runtime/review/release.ts';
import { review } from '../../lib/runtime/review/review.ts';
import { rollbackTable } from '../../lib/runtime/table/rollback-table.ts';
import { tableLog } from '../../lib/runtime/table/table-log.ts';
import { assessedRun, type EnginePorts, enginePorts } from '../fixtures/assessed-run.ts';
import { scratch } from '../fixtures/engine/scratch.ts';
import { lakeFetch } from '../fixtures/lake-fetch.ts';
import { codeOf, publishedRows } from '../fixtures/replayed.ts';
import { manual, runToEnd, stageInput } from '../fixtures/run-machine.ts';

let ports: EnginePorts;
beforeEach(() => {
  ports = enginePorts();
  vi.stubGlobal(
    'fetch',
    lakeFetch(() => ports.objects),
  );
});
afterEach(() => vi.unstubAllGlobals());

const record = z.object({ id: z.int(), client: z.string().nullable(), day: z.iso.date(), seen: z.int() });
type Row = z.infer<typeof record>;
const row = (id: number, client: string | null, day = '2026-01-01', seen = 1): Row => ({ id, client, day, seen });

interface Given extends Omit<Parameters<typeof lake>[0], 'table'> {
  /** What the pipeline makes of its rows. Default: nothing. */
  readonly as?: (rows: Dataset) => Dataset;
  readonly files?: number;
  readonly quality?: Parameters<typeof assessedRun>[0]['quality'];
}

/** A run of rows on their way into the table `orders`, as far as the gate. */
function running(
  at: number,
  rows: readonly Row[],
  { as = (all) => all, files = 1, quality = [], ...options }: Given = {},
) {
  return assessedRun({
    record,
    rows,
    quality,
    ports,
    files,
    startedAt: `2026-01-${String(at).padStart(2, '0')}T00:00:00.000Z`,
    outputs: (dataset): Output[] => [as(dataset).to(lake({ table: 'orders', ...options }))],
  });
}

async function run(at: number, rows: readonly Row[], given?: Given) {
  const assessed = await running(at, rows, given);
  await assessed.complete();
  return assessed;
}

const metadataKey = async () => (await ports.tables.pointer('orders')).metadata!;
const metadata = async () => readMetadata(ports.objects, await metadataKey());

/** What `penstock query` shows. */
async function shown(sql: string, version?: number): Promise<string[]> {
  const earlier = version === undefined ? undefined : { table: 'orders', state: { version } };
  const { columns, byId, files } = await readTable(ports.objects, await metadataKey(), earlier);
  const folder = scratch();
  const paths = await Promise.all(
    files.map(async ({ key }, index) => {
      const path = `${folder}/${index}.parquet`;
      await ports.objects.download({ key }, path);
      return path;
    }),
  );
  const orders = { name: 'orders', columns, files: paths, ...(byId && { byId }) };
  return (await queryTables(sql, [orders], scratch())).rows.map((one) => Object.values(one).join(' '));
}

/** The same table as a reader of Iceberg sees it. */
async function readBack(): Promise<string[]> {
  const of = await metadata();
  const rows = await icebergRead({ tableUrl: of.location, metadata: of as any });
  return rows.map(({ id, customer }) => `${id} ${customer}`).sort();
}

const customer = (rows: Dataset) => rows.pipe(rename({ client: 'customer' }));
const renamed = { as: customer, renamed: { customer: 'client' } };

test('rows of before have their values under the new name, for every reader, and time travel shows the old one', async () => {
  await run(1, [row(1, 'ann'), row(2, null)]);
  // Where rows meet, a later stage writes the files.
  const once = (all: Dataset) => customer(all).pipe(deduplicate({ key: ['id'] }));
  await run(2, [row(3, 'cid'), row(4, 'dan')], { ...renamed, as: once, files: 2 });
  await run(3, [row(5, 'eve')], renamed);
  const rows = ['1 ann', '2 null', '3 cid', '4 dan', '5 eve'];
  expect(await shown("SELECT id, coalesce(customer, 'null') FROM orders ORDER BY id")).toEqual(rows);
  expect(await readBack()).toEqual(rows);
  expect(await shown('SELECT id, client FROM orders ORDER BY id', 1)).toEqual(['1 ann', '2 ']);
  const { schemas, 'current-schema-id': now } = await metadata();
  expect(schemas.map(({ fields }) => fields.map(({ name }) => name))).toEqual([
    ['id', 'client', 'day', 'seen'],
    ['id', 'customer', 'day', 'seen'],
  ]);
  expect([now, new Set(schemas.map(({ fields }) => String(fields.map(({ id }) => id)))).size]).toEqual([1, 1]);
  // Files in which no row can be are known by the new name, whoever wrote them.
  const state = await readTable(ports.objects, await metadataKey());
  const bounded = state.files.map((file) => ({ ...file, bounds: boundsByColumn(file, currentSchema(state.metadata)) }));
  const found = await prunedFiles(
    "SELECT * FROM orders WHERE customer > 'da'",
    { name: 'orders', ...state, files: bounded },
    scratch(),
  );
  expect(found).toHaveLength(2);
  await rollbackTable(ports, { table: 'orders', to: { version: 1 } });
  expect(await shown('SELECT client FROM orders WHERE id = 1')).toEqual(['ann']);
  await run(4, [row(6, 'fay')], renamed);
  expect(await readBack()).toEqual(['1 ann', '2 null', '6 fay']);
});

test('compaction and a merge by a renamed key write files of one kind, and lose nothing', async () => {
  const merging: Given = { mode: 'merge', key: ['customer'], by: 'seen' };
  await run(1, [row(1, 'ann'), row(2, 'bob'), row(3, null)], { partitionBy: ['day'] });
  await run(2, [row(4, 'cid')], { as: (rows) => rows.pipe(select('id', 'client', 'day')), partitionBy: ['day'] });
  const wider = (rows: Dataset) => customer(rows).pipe(rename({ id: 'number' }));
  const names = { customer: 'client', number: 'id' };
  await run(3, [row(20, 'bob', '2026-01-01', 2), row(30, null, '2026-01-01', 2)], {
    ...merging,
    as: wider,
    renamed: names,
    partitionBy: ['day'],
  });
  const sql = "SELECT number, coalesce(customer, 'none'), seen FROM orders ORDER BY number";
  const rows = ['1 ann 1', '4 cid ', '20 bob 2', '30 none 2'];
  expect(await shown(sql)).toEqual(rows);
  expect((await metadata()).snapshots.at(-1)!.summary).toMatchObject({ 'penstock.rows-updated': '2' });
  expect(await compactTable({ ...ports, compactFiles }, { table: 'orders' })).toMatchObject({
    after: { files: 1, rows: 4 },
  });
  expect(await shown(sql)).toEqual(rows);
  await run(4, [row(40, 'cid', '2026-01-01', 3)], { ...merging, as: wider, renamed: names, partitionBy: ['day'] });
  expect(await shown(sql)).toEqual(['1 ann 1', '20 bob 2', '30 none 2', '40 cid 3']);
});

test('partitions are replaced by a column that has got another name', async () => {
  const date = (rows: Dataset) => rows.pipe(rename({ day: 'date' }));
  const mode = 'replacePartitions';
  await run(1, [row(1, 'a'), row(2, 'b', '2026-01-02')], { mode, partitionBy: ['day', 'bucket(2, id)'] });
  const given: Given = { mode, as: date, renamed: { date: 'day' }, partitionBy: ['date', 'bucket(2, id)'] };
  await run(2, [row(3, 'c', '2026-01-03'), row(2, 'B', '2026-01-02')], given);
  expect(await shown('SELECT id, client, date FROM orders ORDER BY id')).toEqual([
    '1 a 2026-01-01',
    '2 B 2026-01-02',
    '3 c 2026-01-03',
  ]);
  const { 'partition-specs': specs } = await metadata();
  expect(specs).toHaveLength(1);
  const { partitionBy, files } = await readTable(ports.objects, await metadataKey());
  expect(partitionBy).toEqual(['date']);
  expect(files.map(({ partitionValues }) => partitionValues.date).sort()).toEqual([
    '2026-01-01',
    '2026-01-02',
    '2026-01-03',
  ]);
});

test('columns that swap their names, and one that takes the name of another, keep their values', async () => {
  const two = (rows: Dataset) => rows.pipe(select('id', 'seen'), cast({ id: 'BIGINT', seen: 'BIGINT' }));
  await run(1, [row(1, 'a', undefined, 100)], { as: two });
  const swapped = (rows: Dataset) => two(rows).pipe(rename({ id: 'seen', seen: 'id' }));
  for (const at of [2, 3])
    await run(at, [row(at, 'a', undefined, at * 100)], { as: swapped, renamed: { id: 'seen', seen: 'id' } });
  expect(await shown('SELECT seen, id FROM orders ORDER BY seen')).toEqual(['1 100', '2 200', '3 300']);
  const moved = (rows: Dataset) => rows.pipe(select('id', 'seen'), rename({ id: 'seen', seen: 'was_id' }));
  await run(4, [row(4, 'a', undefined, 400)], { as: moved, renamed: { was_id: 'id' } });
  expect(await shown('SELECT seen, was_id FROM orders ORDER BY seen')).toEqual(['1 100', '2 200', '3 300', '4 400']);
});

test('a run that began before the rename adds its rows under the new name, also where it lost a race', async () => {
  await run(1, [row(1, 'ann')], { sortBy: ['client'] });
  const early = await running(2, [row(2, 'bob')], { sortBy: ['client'] });
  await publish(ports, early.code, early.input);
  ports.objects.remove(ports.objects.keys('landing/').slice(-1));
  await run(3, [row(3, 'cid')], { ...renamed, sortBy: ['customer'] });
  await commit(ports, early.code, early.input);
  expect(await readBack()).toEqual(['1 ann', '2 bob', '3 cid']);
  const { properties } = await metadata();
  expect(JSON.parse(properties['penstock.layout']!)).toEqual({ sortBy: [{ column: 'customer', descending: false }] });
  const merging: Given = { mode: 'merge', key: ['client'] };
  await run(4, [row(20, 'bob')], merging);
  expect(await readBack()).toEqual(['1 ann', '20 bob', '3 cid']);
});

test('pipelines that read the table, look up or join in it, and rules that hold rows against it see the new name', async () => {
  await run(1, [row(1, 'ann'), row(2, 'bob')]);
  await run(2, [row(3, 'cid')], {
    ...renamed,
    quality: [references('id', { table: 'orders', column: 'id' })],
  });
  const orders = from(table({ table: 'orders' }), z.object({ id: z.int(), customer: z.string().nullable() }));
  const late = from(s3({ prefix: 'landing/late/', format: 'csv' }), z.object({ customer: z.string(), paid: z.int() }));
  const reading = pipeline('reading', {
    on: [fileArrives('landing/late/')],
    quality: [references('customer', { table: 'orders', column: 'customer' })],
    gate: { pass: 1 },
    outputs: [
      late.pipe(enrich({ with: orders, on: 'customer = customer', take: ['id'] })).to(lake({ table: 'found' })),
      late.pipe(join({ with: orders, on: 'customer = customer', prefix: 'o_' })).to(lake({ table: 'joined' })),
    ],
  });
  ports.objects.drop('landing/late/1.csv', 'customer,paid\nann,10\ncid,30\n');
  const code = await codeOf(reading);
  await runToEnd(ports, code, stageInput(code, manual('reading')));
  expect(await publishedRows(ports, 'found')).toEqual([
    '{"customer":"ann","paid":10,"id":1}',
    '{"customer":"cid","paid":30,"id":3}',
  ]);
  expect(await publishedRows(ports, 'joined')).toHaveLength(2);
  const alone = await codeOf(
    pipeline('alone', {
      outputs: [orders.pipe(deduplicate({ key: ['id'] })).to(lake({ table: 'copy', mode: 'replace' }))],
    }),
  );
  await runToEnd(ports, alone, stageInput(alone, manual('alone')));
  expect(await publishedRows(ports, 'copy')).toEqual([
    '{"id":1,"customer":"ann"}',
    '{"id":2,"customer":"bob"}',
    '{"id":3,"customer":"cid"}',
  ]);
});

test('rows that a person holds back leave files that have the ids of the table', async () => {
  await run(1, [row(1, 'ann')]);
  const quality = [within('seen', 0, 9, { table: 'orders', atLeast: 1 })];
  const { code, input } = await running(2, [row(2, 'bob'), row(3, 'cid', undefined, 100)], { ...renamed, quality });
  await review(ports, code, { ...input, taskToken: 'token' });
  await decideReview(ports, { run: input.run, decision: 'release', by: 'Ada' });
  await release(ports, code, input);
  await publish(ports, code, input);
  await commit(ports, code, input);
  expect(await readBack()).toEqual(['1 ann', '2 bob']);
});

test('what a run has changed about columns is told, with what may have been a rename, which can be made up for', async () => {
  const log = async () => tableLog(await metadata()).map(({ columns }) => columns);
  await run(1, [row(1, 'ann')]);
  await run(2, [row(2, 'bob')], { as: customer });
  const changed = { added: ['customer'], gone: ['client'], renamed: [], alike: [{ from: 'client', to: 'customer' }] };
  expect(await log()).toEqual([changed, undefined]);
  expect((await ports.runs.list({ pipeline: 'rows', limit: 1 })).runs[0]!.publish).toMatchObject({
    tables: { 'table.orders': { columns: changed } },
  });
  await expect(running(3, [row(3, 'cid')], renamed)).rejects.toMatchObject({ change: /^roll the table back/ });
  await rollbackTable(ports, { table: 'orders', to: { version: 1 } });
  // The file of the run that was refused is read as well.
  await run(4, [row(2, 'bob'), row(4, 'dan')], renamed);
  expect(await readBack()).toEqual(['1 ann', '2 bob', '3 cid', '4 dan']);
  expect((await log())[0]).toEqual({ added: [], gone: [], renamed: [{ from: 'client', to: 'customer' }], alike: [] });
});

test('a column takes the name of one that goes with the same run', async () => {
  await run(1, [row(1, 'ann'), row(2, null)]);
  const moved = (rows: Dataset) => rows.pipe(select('client', 'id'), rename({ client: 'day', id: 'seen' }));
  const names = { day: 'client', seen: 'id' };
  for (const at of [2, 3]) await run(at, [row(at + 1, 'bob')], { as: moved, renamed: names });
  expect(await shown('SELECT seen, day FROM orders ORDER BY seen')).toEqual(['1 ann', '2 ', '3 bob', '4 bob']);
  expect(await shown('SELECT id, client, day, seen FROM orders WHERE id = 1', 1)).toEqual(['1 ann 2026-01-01 1']);
});

test('a rename that the table cannot make is refused before a row is read', async () => {
  await run(1, [row(1, 'ann')]);
  const wrong = running(2, [row(2, 'bob')], { as: customer, renamed: { customer: 'cleint' } });
  await expect(wrong).rejects.toMatchObject({
    name: 'TableSchemaError',
    received: 'cleint',
    allowed: ['id', 'client', 'day', 'seen'],
    change: 'did you mean "client"?',
  });
});
