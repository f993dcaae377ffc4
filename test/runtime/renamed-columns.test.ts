import { beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { queryTables } from '../../lib/engine/index.ts';
import { type Dataset, lake, rename } from '../../lib/index.ts';
import { readMetadata, readTable } from '../../lib/runtime/publish/read-table.ts';
import { assessedRun, type EnginePorts, enginePorts } from '../fixtures/assessed-run.ts';
import { scratch } from '../fixtures/engine/scratch.ts';

let ports: EnginePorts;
beforeEach(() => {
  ports = enginePorts();
});

const record = z.object({ id: z.int(), client: z.string().nullable(), day: z.iso.date(), amount: z.number() });
const row = (id: number, client: string | null, day = '2026-01-01') => ({ id, client, day, amount: id / 2 });
type Options = Omit<Parameters<typeof lake>[0], 'table'>;

/** Publishes rows into the table `orders`, whose columns `pipe` names. */
async function run(
  at: number,
  rows: readonly object[],
  { as = (rows) => rows, files, ...options }: Options & { as?: (rows: Dataset) => Dataset; files?: number } = {},
) {
  const assessed = await assessedRun({
    record,
    rows,
    quality: [],
    ports,
    ...(files && { files }),
    startedAt: `2026-01-${String(at).padStart(2, '0')}T00:00:00.000Z`,
    outputs: (dataset) => [as(dataset).to(lake({ table: 'orders', ...options }))],
  });
  await assessed.complete();
  return assessed;
}

async function metadataKey(): Promise<string> {
  return (await ports.tables.pointer('orders')).metadata!;
}

/** What `penstock query` would show. */
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
  const table = { name: 'orders', columns, files: paths, ...(byId && { byId }) };
  return (await queryTables(sql, [table], scratch())).rows.map((one) => Object.values(one).join(' '));
}

const customer = (rows: Dataset) => rows.pipe(rename({ client: 'customer' }));
const renamed = { customer: 'client' };

test('a renamed column keeps its id, so that rows of before have its values under the new name', async () => {
  await run(1, [row(1, 'ann'), row(2, null)]);
  await run(2, [row(3, 'cid')], { as: customer, renamed });
  await run(3, [row(4, 'dan')], { as: customer, renamed });
  expect(await shown('SELECT id, customer FROM orders ORDER BY id')).toEqual(['1 ann', '2 ', '3 cid', '4 dan']);
  expect(await shown('SELECT id, client FROM orders ORDER BY id', 1)).toEqual(['1 ann', '2 ']);
  const { schemas, 'current-schema-id': now } = await readMetadata(ports.objects, await metadataKey());
  const names = schemas.map(({ fields }) => fields.map(({ name }) => name));
  expect(names).toEqual([
    ['id', 'client', 'day', 'amount'],
    ['id', 'customer', 'day', 'amount'],
  ]);
  expect(now).toBe(1);
  expect(new Set(schemas.map(({ fields }) => JSON.stringify(fields.map(({ id }) => id)))).size).toBe(1);
});
