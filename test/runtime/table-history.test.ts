import { beforeEach, expect, test } from 'vitest';
import type { TableCatalog } from '../../lib/runtime/ports/table-catalog.ts';
import { readMetadata } from '../../lib/runtime/publish/read-table.ts';
import { rollbackTable } from '../../lib/runtime/publish/rollback-table.ts';
import { tableLog } from '../../lib/runtime/publish/table-log.ts';
import { ordersPipeline as pipeline } from '../fixtures/orders-plan.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runToEnd, stageInput, tableRows } from '../fixtures/run-machine.ts';

let ports: MemoryPorts;
beforeEach(async () => {
  ports = memoryPorts();
  ports.objects.drop('reference/cities.csv', 'Rome,1');
  for (const [name, text] of Object.entries({ a: 'Rome,1', b: 'Oslo,2' })) await run(name, text);
});

async function run(name: string, text: string): Promise<void> {
  ports.objects.drop(`landing/orders/${name}.csv`, text);
  await runToEnd(ports, pipeline, stageInput(pipeline, manual(name)));
}

async function log(table = 'orders') {
  return tableLog(await readMetadata(ports.objects, (await ports.tables.pointer(table)).metadata!));
}

test('the log of a table tells of each state what a run did, newest first', async () => {
  expect(await log()).toMatchObject([
    { version: 2, operation: 'append', rows: 2, addedRows: 1, removedRows: 0, files: 2, current: true },
    { version: 1, operation: 'append', rows: 1, addedRows: 1, current: false },
  ]);
  expect((await log('totals'))[0]).toMatchObject({ version: 2, operation: 'overwrite', removedRows: 1 });
});

test('a rollback shows an earlier state again, from which later runs go on, and which can be left again', async () => {
  expect(await rollbackTable(ports, { table: 'orders', to: 1 })).toEqual({ table: 'orders', from: 2, to: 1, rows: 1 });
  expect(await tableRows(ports, 'orders')).toEqual(['Rome,1']);
  await run('c', 'Kiel,3');
  expect(await tableRows(ports, 'orders')).toEqual(['Kiel,3', 'Rome,1']);
  await rollbackTable(ports, { table: 'orders', to: 2 });
  expect(await tableRows(ports, 'orders')).toEqual(['Oslo,2', 'Rome,1']);
  expect((await log()).map(({ version, current }) => [version, current])).toEqual([
    [3, false],
    [2, true],
    [1, false],
  ]);
});

test('a rollback to the state that readers see changes nothing', async () => {
  const before = ports.objects.keys();
  expect(await rollbackTable(ports, { table: 'orders', to: 2 })).toMatchObject({ from: 2, to: 2 });
  expect(ports.objects.keys()).toEqual(before);
});

test('a run that publishes meanwhile is not lost, and the rollback is done behind it', async () => {
  let done = false;
  const own = ports.tables;
  const tables = {
    pointer: (table: string) => own.pointer(table),
    async compact(next: Parameters<TableCatalog['compact']>[0]) {
      if (!done) {
        done = true;
        await run('c', 'Kiel,3');
      }
      return own.compact(next);
    },
  } as TableCatalog;
  expect(await rollbackTable({ ...ports, tables }, { table: 'orders', to: 1 })).toMatchObject({ from: 3, to: 1 });
  expect((await log()).map(({ version }) => version)).toEqual([3, 2, 1]);
});

test.each([
  ['orders', 7, [1, 2]],
  ['unknown', 1, 'nothing: it was never published'],
])('a rollback of %s to version %i is refused', async (table, to, allowed) => {
  const before = ports.objects.keys();
  await expect(rollbackTable(ports, { table, to })).rejects.toMatchObject({
    name: 'TableVersionUnknownError',
    received: to,
    allowed,
  });
  expect(ports.objects.keys()).toEqual(before);
});
