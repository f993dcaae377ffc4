import { beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import {
  aggregate,
  type Definition,
  deduplicate,
  enrich,
  fileArrives,
  from,
  join,
  lake,
  pipeline,
  s3,
  sort,
  table,
} from '../../lib/index.ts';
import { duckdbEngine } from '../../lib/runtime/duckdb-engine.ts';
import type { TriggerIdentity } from '../../lib/runtime/messages.ts';
import type { PipelineCode } from '../../lib/runtime/pipeline-code.ts';
import type { Ports } from '../../lib/runtime/ports/ports.ts';
import { readTable } from '../../lib/runtime/publish/read-table.ts';
import { query, rowsOf } from '../fixtures/engine/duckdb.ts';
import { components } from '../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';
import { memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runToEnd, stageInput } from '../fixtures/run-machine.ts';

/** Runs from the files to the tables over memory, with the real engine. */
let ports: Ports & { readonly objects: ReturnType<typeof memoryPorts>['objects'] };
beforeEach(() => {
  ports = { ...memoryPorts(), engine: duckdbEngine };
});

async function runOf(definition: Definition, trigger: TriggerIdentity) {
  const code: PipelineCode = { plan: await compile(definition), components, functions: {} };
  return runToEnd(ports, code, stageInput(code, trigger));
}

function arrived(key: string, body: string): TriggerIdentity {
  const versionId = ports.objects.drop(key, body);
  return { kind: 'file', bucket: 'lake', key, versionId, size: body.length, sequencer: '1' };
}

async function published(name: string): Promise<unknown[]> {
  const { metadata } = await ports.tables.pointer(name);
  const { files } = await readTable(ports.objects, metadata!);
  const bodies = await Promise.all(
    files.map(({ key }) => ports.objects.readRange({ key }, 0, Number.MAX_SAFE_INTEGER)),
  );
  return (await rowsOf(bodies.map((body) => scratchFile('table.parquet', Buffer.from(body))))).map((line) =>
    JSON.parse(line),
  );
}

const payment = z.object({ id: z.int(), amount: z.int() });
const payments = from(s3({ prefix: 'landing/payments/', format: 'csv' }), payment);
const customers = from(
  s3({ prefix: 'landing/customers/', format: 'csv' }),
  z.object({ id: z.int(), name: z.string() }),
);
const joined = pipeline('joined', {
  on: [fileArrives('landing/payments/')],
  outputs: [payments.pipe(join({ with: customers, on: 'id = id', how: 'left' })).to(lake({ table: 'named' }))],
});

test.each([
  ['in one chunk', 64 * 1024 * 1024],
  ['in many', 10],
  ['in many, of which one holds two parts of a file', 20],
])('the other side of a join is read whole by every run, %s', async (_, chunkBytes) => {
  const definition = { ...joined, resources: { ...joined.resources, chunkBytes } };
  ports.objects.drop('landing/customers/1.csv', 'id,name\n1,Ada\n');
  ports.objects.drop('landing/customers/2.csv', 'id,name\n2,Bob\n');
  const first = await runOf(definition, arrived('landing/payments/1.csv', 'id,amount\n1,10\n2,20\n3,30\n'));
  const second = await runOf(definition, arrived('landing/payments/2.csv', 'id,amount\n2,21\n'));
  expect([first.extracted.inputFiles, second.extracted.inputFiles]).toEqual([3, 3]);
  expect(second.extracted.solo).toBe(chunkBytes > 1000);
  expect(await published('named')).toEqual([
    { id: 1, amount: 10, name: 'Ada' },
    { id: 2, amount: 20, name: 'Bob' },
    { id: 2, amount: 21, name: 'Bob' },
    { id: 3, amount: 30, name: null },
  ]);
});

test('a table in order is so over all the files of a run in many chunks', async () => {
  const definition = pipeline('ordered', {
    resources: { chunkBytes: 30 },
    outputs: [payments.pipe(sort({ order: [{ column: 'amount', descending: true }] })).to(lake({ table: 'ordered' }))],
  });
  for (const file of [1, 2, 3, 4])
    ports.objects.drop(
      `landing/payments/${file}.csv`,
      `id,amount\n${file},${file}\n${10 - file},7\n${file},${10 * file}\n`,
    );
  await runOf(definition, manual('once'));
  const { metadata } = await ports.tables.pointer('ordered');
  const { files } = await readTable(ports.objects, metadata!);
  expect(files.length).toBeGreaterThan(1);
  expect(files.map(({ key }) => key)).toEqual(files.map(({ key }) => key).toSorted());
  const rows: object[] = [];
  for (const { key } of files) {
    const body = await ports.objects.readRange({ key }, 0, Number.MAX_SAFE_INTEGER);
    rows.push(
      ...(await query(
        `SELECT id::INTEGER AS id, amount::INTEGER AS amount FROM '${scratchFile('table.parquet', Buffer.from(body))}'`,
      )),
    );
  }
  expect(rows.map((row) => Object.values(row).join())).toEqual([
    '4,40',
    '3,30',
    '2,20',
    '1,10',
    '9,7',
    '8,7',
    '7,7',
    '6,7',
    '4,4',
    '3,3',
    '2,2',
    '1,1',
  ]);
});

test('rows that an aggregate could not be given are set aside before they travel, and the ledger of the run balances', async () => {
  const codes = from(s3({ prefix: 'landing/codes/', format: 'csv' }), z.object({ id: z.int(), code: z.string() }));
  const totals = codes.pipe(
    aggregate({ by: ['id'], measures: { total: 'sum(code::INTEGER)', small: 'count(*)::TINYINT' } }),
  );
  const definition = pipeline('totals', {
    resources: { chunkBytes: 20, partitions: 2 },
    outputs: [totals.to(lake({ table: 'totals' }))],
  });
  for (const file of [1, 2, 3]) ports.objects.drop(`landing/codes/${file}.csv`, `id,code\n${file},1\n4,x\n4,10\n`);
  ports.objects.drop('landing/codes/4.csv', `id,code\n${'9,1\n'.repeat(130)}`);
  const { extracted } = await runOf(definition, manual('totals'));
  expect(extracted.stages.process!.chunks).toBeGreaterThan(2);
  const rules: string[] = [];
  for (const key of ports.objects.keys('rejects/')) {
    const body = await ports.objects.readRange({ key }, 0, Number.MAX_SAFE_INTEGER);
    const path = scratchFile('rejects.parquet', Buffer.from(body));
    rules.push(...(await query(`SELECT rule, form FROM '${path}'`)).map(({ rule, form }) => `${rule} ${form}`));
  }
  const total = 'total can be computed values';
  expect(rules.sort()).toEqual(['small can be computed null', total, total, total]);
  expect(await published('totals')).toEqual([
    { id: 1, total: 1, small: 1 },
    { id: 2, total: 1, small: 1 },
    { id: 3, total: 1, small: 1 },
    { id: 4, total: 30, small: 3 },
  ]);
});

test('rows of a hot key are joined by several workers, and the ledger of the run balances', async () => {
  const definition = { ...joined, resources: { ...joined.resources, chunkBytes: 4000 } };
  ports.objects.drop('landing/customers/1.csv', 'id,name\n1,Ada\n2,Bob\n7,Eve\n');
  const hot = '1,5\n'.repeat(900);
  for (const file of [2, 3, 4]) ports.objects.drop(`landing/payments/${file}.csv`, `id,amount\n${file},1\n${hot}`);
  const { extracted, published: tables } = await runOf(definition, manual('hot'));
  expect(extracted.stages['reduce-1']!.chunks).toBeGreaterThan(1);
  expect(ports.objects.keys('staged/').filter((key) => key.includes('-hot/'))).toHaveLength(3);
  const { metadata } = await ports.tables.pointer('named');
  const { files } = await readTable(ports.objects, metadata!);
  const shares = files.map(({ rows }) => rows).filter((rows) => rows > 800);
  expect(shares.length).toBeGreaterThan(1);
  expect(tables.tables['table.named']!.rows).toBe(2703);
});

const named = () =>
  from(table({ table: 'named' }), z.object({ id: z.int(), amount: z.int(), name: z.string().nullable() }));

test('a table is read in the version that is published, joined, looked up in, and alone', async () => {
  const late = from(s3({ prefix: 'landing/late/', format: 'csv' }), payment);
  const readers = pipeline('readers', {
    outputs: [
      late.pipe(enrich({ with: named(), on: 'id = id', take: ['name'] })).to(lake({ table: 'enriched' })),
      late.pipe(join({ with: named(), on: 'id = id', how: 'full', prefix: 'was_' })).to(lake({ table: 'both' })),
    ],
  });
  const empty = await runOf(readers, arrived('landing/late/0.csv', 'id,amount\n9,9\n'));
  expect(empty.extracted.inputFiles).toBe(1);
  expect(await published('both')).toEqual([{ id: 9, amount: 9, was_amount: null, was_name: null }]);

  ports.objects.drop('landing/customers/1.csv', 'id,name\n1,Ada\n');
  await runOf(joined, arrived('landing/payments/1.csv', 'id,amount\n1,10\n'));
  await runOf(readers, arrived('landing/late/1.csv', 'id,amount\n1,11\n'));
  expect(await published('enriched')).toEqual([
    { id: 1, amount: 11, name: 'Ada' },
    { id: 9, amount: 9, name: null },
  ]);
  expect(await published('both')).toContainEqual({ id: 1, amount: 11, was_amount: 10, was_name: 'Ada' });

  const alone = pipeline('alone', {
    outputs: [
      named()
        .pipe(deduplicate({ key: ['id'] }))
        .to(lake({ table: 'once', mode: 'replace' })),
    ],
  });
  for (const request of ['one', 'two']) await runOf(alone, manual(request));
  expect(await published('once')).toEqual([{ id: 1, amount: 10, name: 'Ada' }]);
  const [last] = (await ports.runs.list({ pipeline: 'alone', limit: 1 })).runs;
  expect(last).toMatchObject({ totals: { rowsIn: 1, tables: { once: 1 } } });
});

test('a JSON array that many workers share gives every element, and its rejects their places', async () => {
  const source = from(s3({ prefix: 'landing/things/', format: 'json' }), z.object({ a: z.int(), b: z.string() }));
  const things = pipeline('things', {
    on: [fileArrives('landing/things/')],
    resources: { chunkBytes: 400 },
    outputs: [source.to(lake({ table: 'things' }))],
  });
  const elements = Array.from({ length: 100 }, (_, a) => `{"a":${a === 60 ? '"x"' : a},"b":"a ], and a \\" in it"}`);
  const { extracted } = await runOf(things, arrived('landing/things/1.json', `[\n${elements.join(' ,\n')}\n]\n`));
  expect(extracted.stages.process!.chunks).toBeGreaterThan(5);
  expect((await published('things')).length).toBe(99);
  const places: unknown[] = [];
  for (const key of ports.objects.keys('rejects/')) {
    const body = await ports.objects.readRange({ key }, 0, Number.MAX_SAFE_INTEGER);
    const path = scratchFile('rejects.parquet', Buffer.from(body));
    places.push(...(await query(`SELECT "row"::INTEGER AS place FROM '${path}'`)));
  }
  expect(places).toEqual([{ place: 61 }]);
});
