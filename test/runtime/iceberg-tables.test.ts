import { icebergRead } from 'icebird';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { fieldId } from '../../lib/component/field-id.ts';
import { aliveEntries } from '../../lib/iceberg/change-table.ts';
import { manifestsOf } from '../../lib/iceberg/manifest-list.ts';
import { currentSnapshot, type TableMetadata } from '../../lib/iceberg/table-metadata.ts';
import { type Dataset, derive, lake } from '../../lib/index.ts';
import { currentSchema, currentSpec, readTable } from '../../lib/runtime/publish/read-table.ts';
import { tableFiles } from '../../lib/runtime/publish/table-files.ts';
import { assessedRun, type EnginePorts, enginePorts } from '../fixtures/assessed-run.ts';
import { lakeFetch } from '../fixtures/lake-fetch.ts';
import { publishedRows } from '../fixtures/replayed.ts';

let ports: EnginePorts;
beforeEach(() => {
  ports = enginePorts();
  vi.stubGlobal(
    'fetch',
    lakeFetch(() => ports.objects),
  );
});
afterEach(() => vi.unstubAllGlobals());

const record = z.object({
  id: z.int(),
  day: z.iso.date(),
  name: z.string().nullable(),
  amount: z.number(),
});
type Row = z.infer<typeof record>;
const row = (id: number, day: string, name: string | null = `n${id}`): Row => ({ id, day, name, amount: id / 2 });

interface Given {
  readonly rows: readonly Row[];
  readonly mode?: 'append' | 'replace';
  readonly day: number;
  readonly files?: number;
}

/** A run of rows into a table by day, and one with values inside of others. */
async function run({ rows, mode = 'append', day, files = 1 }: Given) {
  const assessed = await assessedRun({
    record,
    rows,
    quality: [],
    files,
    ports,
    startedAt: `2026-01-0${day}T00:00:00.000Z`,
    outputs: (dataset) => [
      dataset.to(lake({ table: 'facts', mode, partitionBy: ['day'] })),
      dataset
        .pipe(derive({ pair: '[id, id + 1]', place: "{'at': {'name': name}, 'n': [id]}" }))
        .to(lake({ table: 'nested', mode: 'replace' })),
    ],
  });
  await assessed.complete();
  return assessed;
}

async function metadataOf(table: string): Promise<TableMetadata> {
  return ports.objects.json((await ports.tables.pointer(table)).metadata!);
}

async function readBack(table: string, metadata?: TableMetadata): Promise<Record<string, any>[]> {
  const of = metadata ?? (await metadataOf(table));
  const rows = await icebergRead({ tableUrl: of.location, metadata: of as any });
  return rows.toSorted((a, b) => Number(a.id) - Number(b.id));
}

test('a published table is read back by a reader of Iceberg, with the rows that we read', async () => {
  const rows = [row(1, '2026-01-01'), row(2, '2026-01-02', null), row(3, '2026-01-01')];
  await run({ rows, day: 1, files: 2 });
  const back = await readBack('facts');
  expect(back).toEqual(
    rows.map(({ id, day, name, amount }) => ({ id: BigInt(id), day: new Date(`${day}T00:00:00Z`), name, amount })),
  );
  expect(await publishedRows(ports, 'facts')).toHaveLength(3);
  const [, second] = await readBack('nested');
  expect(second).toMatchObject({ id: 2n, pair: [2n, 3n], place: { at: { name: null }, n: [2n] } });
});

test('manifests say of each file its partition and what its columns hold', async () => {
  await run({ rows: [row(1, '2026-01-01'), row(2, '2026-01-01', null), row(3, '2026-01-02')], day: 1 });
  const metadata = await metadataOf('facts');
  const spec = currentSpec(metadata);
  expect(spec.fields).toEqual([
    { 'source-id': fieldId(['day'], 'DATE'), 'field-id': 1000, name: 'day', transform: 'identity' },
  ]);
  const files = tableFiles(ports.objects);
  const [manifest] = await manifestsOf(await files.read(currentSnapshot(metadata)!['manifest-list']));
  const layout = { spec, schemas: metadata.schemas, schema: currentSchema(metadata) };
  const [early, late] = (await aliveEntries(files, manifest!, layout)).map(({ file }) => file);
  const days = (text: string) => Date.parse(text) / 86_400_000;
  expect([early!.partition, late!.partition]).toEqual([[days('2026-01-01')], [days('2026-01-02')]]);
  const long = (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  };
  expect(early!.columns.get(fieldId(['id'], 'BIGINT'))).toMatchObject({
    values: 2,
    nulls: 0,
    lower: long(1n),
    upper: long(2n),
  });
  expect(early!.columns.get(fieldId(['name'], 'VARCHAR'))).toMatchObject({
    values: 2,
    nulls: 1,
    lower: Buffer.from('n1'),
    upper: Buffer.from('n1'),
  });
});

test('transforms of columns are partitions that only manifests know', async () => {
  const rows = [row(34, '2026-01-31'), row(35, '2026-02-01', null), row(-3, '1969-12-31', 'äöü')];
  const partitionBy = ['month(day)', 'bucket(16, id)', 'truncate(2, name)'];
  const hidden = (dataset: Dataset) => dataset.to(lake({ table: 'hidden', partitionBy, mode: 'replacePartitions' }));
  const given = { record, quality: [], ports, outputs: (dataset: Dataset) => [hidden(dataset)] };
  await (await assessedRun({ ...given, rows, startedAt: '2026-01-01T00:00:00.000Z' })).complete();
  const metadata = await metadataOf('hidden');
  expect(currentSpec(metadata).fields.map(({ name, transform }) => [name, transform])).toEqual([
    ['day_month', 'month'],
    ['id_bucket_16', 'bucket[16]'],
    ['name_truncate_2', 'truncate[2]'],
  ]);
  const { files } = await readTable(ports.objects, (await ports.tables.pointer('hidden')).metadata!);
  expect(files.map(({ partition }) => partition).sort()).toEqual([
    [-1, expect.any(Number), 'äö'],
    [672, 3, 'n3'],
    [673, expect.any(Number), null],
  ]);
  const back = await readBack('hidden');
  expect(back.map(({ id, name }) => [id, name])).toEqual([
    [-3n, 'äöü'],
    [34n, 'n34'],
    [35n, null],
  ]);
  expect(Object.keys(back[0]!).sort()).toEqual(['amount', 'day', 'id', 'name']);
  await (
    await assessedRun({ ...given, rows: [row(34, '2026-01-02')], startedAt: '2026-01-02T00:00:00.000Z' })
  ).complete();
  expect((await readBack('hidden')).map(({ day }) => day.toISOString().slice(0, 10))).toEqual([
    '1969-12-31',
    '2026-01-02',
    '2026-02-01',
  ]);
});

test('a later run adds a snapshot that names it; the state before stays readable', async () => {
  const first = await run({ rows: [row(1, '2026-01-01')], day: 1 });
  const second = await run({ rows: [row(2, '2026-01-01'), row(3, '2026-01-03')], day: 2 });
  const metadata = await metadataOf('facts');
  expect(metadata.snapshots.map(({ summary }) => [summary.operation, summary['penstock.run']])).toEqual([
    ['append', first.input.run],
    ['append', second.input.run],
  ]);
  expect((await readBack('facts')).map(({ id }) => id)).toEqual([1n, 2n, 3n]);
  const before = { ...metadata, 'current-snapshot-id': metadata.snapshots[0]!['snapshot-id'] };
  expect((await readBack('facts', before)).map(({ id }) => id)).toEqual([1n]);
  expect((await metadataOf('nested')).snapshots.map(({ summary }) => summary.operation)).toEqual([
    'append',
    'overwrite',
  ]);
  expect((await readBack('nested')).map(({ id }) => id)).toEqual([2n, 3n]);
});

test('a run that replaces the table leaves nothing of the rows before in its state', async () => {
  await run({ rows: [row(1, '2026-01-01')], day: 1, mode: 'replace' });
  await run({ rows: [row(2, '2026-01-02')], day: 2, mode: 'replace' });
  expect((await readBack('facts')).map(({ id }) => id)).toEqual([2n]);
  expect(currentSnapshot(await metadataOf('facts'))!.summary).toMatchObject({
    operation: 'overwrite',
    'deleted-records': '1',
    'total-records': '1',
  });
});

test('rows whose type the table cannot take are refused where they are to be published, and undone', async () => {
  await run({ rows: [row(1, '2026-01-01')], day: 1 });
  const other = await assessedRun({
    record: z.object({ id: z.string(), day: z.iso.date() }),
    rows: [{ id: 'a', day: '2026-01-01' }],
    quality: [],
    ports,
    startedAt: '2026-01-02T00:00:00.000Z',
    outputs: (dataset) => [dataset.to(lake({ table: 'facts', partitionBy: ['day'] }))],
  });
  await expect(other.complete()).rejects.toMatchObject({ name: 'TableSchemaError', received: 'string' });
  expect((await readBack('facts')).map(({ id }) => id)).toEqual([1n]);
});
