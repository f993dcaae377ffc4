import { beforeEach, describe, expect, test } from 'vitest';
import { day } from '../../lib/core/durations.ts';
import { compensate } from '../../lib/runtime/compensate.ts';
import type { TableCatalog } from '../../lib/runtime/ports/table-catalog.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { readMetadata, readTable } from '../../lib/runtime/publish/read-table.ts';
import { expireTable } from '../../lib/runtime/table/expire-table.ts';
import { orphanFiles } from '../../lib/runtime/table/orphan-files.ts';
import { rollbackTable } from '../../lib/runtime/table/rollback-table.ts';
import { tableLog } from '../../lib/runtime/table/table-log.ts';
import { ordersPipeline as pipeline } from '../fixtures/orders-plan.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runToEnd, runToGate, stageInput, tableRows } from '../fixtures/run-machine.ts';

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
  expect(await rollbackTable(ports, { table: 'orders', to: { version: 1 } })).toEqual({
    table: 'orders',
    from: 2,
    to: 1,
    rows: 1,
  });
  expect(await tableRows(ports, 'orders')).toEqual(['Rome,1']);
  await run('c', 'Kiel,3');
  expect(await tableRows(ports, 'orders')).toEqual(['Kiel,3', 'Rome,1']);
  await rollbackTable(ports, { table: 'orders', to: { version: 2 } });
  expect(await tableRows(ports, 'orders')).toEqual(['Oslo,2', 'Rome,1']);
  expect((await log()).map(({ version, current }) => [version, current])).toEqual([
    [3, false],
    [2, true],
    [1, false],
  ]);
});

test('a rollback to the state that readers see changes nothing', async () => {
  const before = ports.objects.keys();
  expect(await rollbackTable(ports, { table: 'orders', to: { version: 2 } })).toMatchObject({ from: 2, to: 2 });
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
  expect(await rollbackTable({ ...ports, tables }, { table: 'orders', to: { version: 1 } })).toMatchObject({
    from: 3,
    to: 1,
  });
  expect((await log()).map(({ version }) => version)).toEqual([3, 2, 1]);
});

test.each([
  ['orders', 7, { problem: /no such version/, received: 7, allowed: [1, 2] }],
  ['unknown', 1, { problem: /never published/, received: 'unknown' }],
])('a rollback of %s to version %i is refused', async (table, version, expected) => {
  const before = ports.objects.keys();
  await expect(rollbackTable(ports, { table, to: { version } })).rejects.toMatchObject({
    name: 'TableVersionUnknownError',
    ...expected,
  });
  expect(ports.objects.keys()).toEqual(before);
});

describe('expire', () => {
  const always = Number.MAX_SAFE_INTEGER;

  test('forgets old states, and removes the files that no other state has', async () => {
    const { metadata } = await ports.tables.pointer('totals');
    const [earlier] = (await readTable(ports.objects, metadata!, { table: 'totals', state: { version: 1 } })).files;
    expect(await expireTable(ports, { table: 'totals', before: always, keep: 1 })).toEqual({
      table: 'totals',
      versions: [1],
      kept: [2],
      // The file, its manifest and their list.
      files: 3,
    });
    expect(await ports.objects.readBytes(earlier!.key)).toBeUndefined();
    expect(await tableRows(ports, 'totals')).toEqual(['Oslo,2']);
    await run('c', 'Kiel,3');
    expect((await log('totals')).map(({ version }) => version)).toEqual([3, 2]);
  });

  test('leaves files that a later state has as well, and states that are young, or among the newest', async () => {
    await run('c', 'Kiel,3');
    const [, second] = (await log()).toReversed();
    expect(await expireTable(ports, { table: 'orders', before: second!.at, keep: 1 })).toMatchObject({
      versions: [1],
      kept: [2, 3],
      // Its list alone.
      files: 1,
    });
    expect(await expireTable(ports, { table: 'orders', before: always, keep: 2 })).toMatchObject({ versions: [] });
    expect(await tableRows(ports, 'orders')).toEqual(['Kiel,3', 'Oslo,2', 'Rome,1']);
  });

  test('leaves the state that readers see, also where it is an old one', async () => {
    await rollbackTable(ports, { table: 'orders', to: { version: 1 } });
    expect(await expireTable(ports, { table: 'orders', before: always, keep: 1 })).toMatchObject({ versions: [] });
    await run('c', 'Kiel,3');
    expect(await expireTable(ports, { table: 'orders', before: always, keep: 1 })).toMatchObject({ versions: [1, 2] });
    expect(await tableRows(ports, 'orders')).toEqual(['Kiel,3', 'Rome,1']);
  });

  test('a rollback to what it has removed is refused, and nothing changes', async () => {
    await expireTable(ports, { table: 'orders', before: always, keep: 1 });
    const before = ports.objects.keys();
    await expect(rollbackTable(ports, { table: 'orders', to: { version: 1 } })).rejects.toMatchObject({
      name: 'TableVersionUnknownError',
      problem: expect.stringContaining('removed by expire'),
      received: 1,
      allowed: [2],
      change: expect.any(String),
    });
    await expect(rollbackTable(ports, { table: 'orders', to: { version: 0 } })).rejects.toMatchObject({
      problem: 'the table "orders" has no such version',
    });
    expect(ports.objects.keys()).toEqual(before);
  });
});

describe('a table as it was', () => {
  test('is found by what readers saw at a time', async () => {
    const { metadata } = await ports.tables.pointer('orders');
    const [first, second] = (await log()).toReversed();
    const rowsAt = async (at: number) =>
      (await readTable(ports.objects, metadata!, { table: 'orders', state: { at } })).files.length;
    expect(await rowsAt(first!.at)).toBe(1);
    expect(await rowsAt(second!.at - 1)).toBe(1);
    expect(await rowsAt(second!.at)).toBe(2);
    await expect(rowsAt(first!.at - 1)).rejects.toMatchObject({ name: 'TableVersionUnknownError' });
  });
});

describe('orphans', () => {
  const place = 'curated/orders/';
  const grace = 3 * day;
  beforeEach(() => ports.clock.sleep(10 * day));

  async function orphans(remove = false) {
    const before = ports.clock.now() - grace;
    return (await orphanFiles(ports, { table: 'orders', before, remove })).files.map(({ key }) => key);
  }

  test('are files that no state names, and not what is young or of a run that has not ended', async () => {
    expect(await orphans()).toEqual([]);
    ports.objects.drop(`${place}data/run=gone/a.parquet`, 'x');
    ports.objects.drop(`${place}data/run=gone/b.parquet`, 'x');
    ports.objects.modifiedAt.set(`${place}data/run=gone/b.parquet`, ports.clock.now() - day);
    ports.objects.drop('landing/orders/d.csv', 'Bonn,4');
    const waiting = stageInput(pipeline, manual('d'));
    await runToGate(ports, pipeline, waiting);
    expect(ports.objects.keys(`${place}data/run=${waiting.run}/`)).toHaveLength(1);
    expect(await orphans(true)).toEqual([`${place}data/run=gone/a.parquet`]);
    expect(await orphans()).toEqual([]);
    await publish(ports, pipeline, waiting);
    await commit(ports, pipeline, waiting);
    expect(await orphans()).toEqual([]);
    expect(await tableRows(ports, 'orders')).toEqual(['Bonn,4', 'Oslo,2', 'Rome,1']);
  });

  test('are not files of a failed run that is kept for a redrive', async () => {
    ports.objects.drop('landing/orders/d.csv', 'Bonn,4');
    const failed = stageInput(pipeline, manual('d'));
    await runToGate(ports, pipeline, failed);
    const error = { Error: 'States.Timeout' };
    await compensate(ports, pipeline, { ...failed, error, state: 'Publish' });
    expect(await ports.runs.find(failed.run)).toMatchObject({ state: 'Failed', phase: 'Kept' });
    await ports.clock.sleep(10 * day);
    expect(await orphans(true)).toEqual([]);
    expect(ports.objects.keys(`${place}data/run=${failed.run}/`)).toHaveLength(1);
  });

  test('of less than a day are not looked for', async () => {
    const search = { table: 'orders', before: ports.clock.now() - day / 2, remove: true };
    await expect(orphanFiles(ports, search)).rejects.toMatchObject({ code: 'GRACE_TOO_SHORT' });
  });
});
