import { beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { lake } from '../../lib/index.ts';
import { compensate } from '../../lib/runtime/compensate.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { readMetadata, readTable } from '../../lib/runtime/publish/read-table.ts';
import { assessedRun, type EnginePorts, enginePorts } from '../fixtures/assessed-run.ts';
import { FaultLine } from '../fixtures/ports/faults.ts';
import { faultyPorts } from '../fixtures/ports/faulty-ports.ts';
import { publishedRows } from '../fixtures/replayed.ts';

let ports: EnginePorts;
beforeEach(() => {
  ports = enginePorts();
});

const record = z.object({ id: z.int().nullable(), day: z.iso.date(), seen: z.int(), note: z.string() });
type Row = z.infer<typeof record>;
const row = (id: number | null, seen: number, note: string, day = '2026-01-01'): Row => ({ id, day, seen, note });
type Options = Omit<Parameters<typeof lake>[0], 'table'>;
const merging: Options = { mode: 'merge', key: ['id'], by: 'seen', partitionBy: ['day'] };

function runOf(rows: readonly Row[], at: number, options: Options, files = 1) {
  return assessedRun({
    record,
    rows,
    quality: [],
    ports,
    files,
    startedAt: `2026-01-0${at}T00:00:00.000Z`,
    outputs: (dataset) => [dataset.to(lake({ table: 'things', ...options }))],
  });
}

/** Runs rows into the table and returns what became of them. */
async function run(rows: readonly Row[], at: number, options: Options = merging, files = 1) {
  const { code, input } = await runOf(rows, at, options, files);
  await publish(ports, code, input);
  return (await commit(ports, code, input)).tables['table.things']!;
}

async function things(): Promise<string[]> {
  const rows = await publishedRows(ports, 'things');
  const parsed = rows.map((text) => JSON.parse(text) as Row);
  return parsed.map(({ id, seen, note, day }) => `${id} ${seen} ${note} ${day.slice(8)}`).sort();
}

async function files() {
  return (await readTable(ports.objects, (await ports.tables.pointer('things')).metadata!)).files;
}

test('rows take the place of those with their key, and the run says how many did', async () => {
  expect(await run([row(1, 1, 'a'), row(2, 1, 'b'), row(null, 1, 'none')], 1)).toMatchObject({
    rows: 3,
    merged: { inserted: 3, updated: 0, superseded: 0 },
  });
  const before = await files();
  expect(await run([row(2, 2, 'B'), row(null, 2, 'NONE'), row(3, 1, 'c', '2026-01-02')], 2)).toMatchObject({
    rows: 3,
    merged: { inserted: 1, updated: 2, superseded: 0 },
  });
  expect(await things()).toEqual(['1 1 a 01', '2 2 B 01', '3 1 c 02', 'null 2 NONE 01']);
  const { snapshots } = await readMetadata(ports.objects, (await ports.tables.pointer('things')).metadata!);
  expect(snapshots[1]!.summary).toMatchObject({
    operation: 'overwrite',
    'penstock.rows-updated': '2',
    'deleted-records': '3',
    'added-records': '4',
    'total-records': '4',
  });
  // Who reads the state before still finds its file.
  expect((await ports.objects.readBytes(before[0]!.key))?.length).toBeGreaterThan(0);
});

test('a row that comes late does not take the place of a newer one, also within its run', async () => {
  await run([row(1, 5, 'five'), row(2, 1, 'b')], 1);
  const late = await run([row(1, 4, 'four'), row(2, 3, 'new'), row(2, 2, 'old'), row(9, 1, 'x'), row(9, 1, 'y')], 2);
  expect(late).toMatchObject({ rows: 5, merged: { inserted: 1, updated: 1, superseded: 3 } });
  expect(await things()).toEqual(['1 5 five 01', '2 3 new 01', '9 1 y 01']);
});

test('files that cannot hold a key are not touched; one that loses its last row is gone', async () => {
  await run([row(1, 1, 'a'), row(2, 1, 'b')], 1);
  await run([row(50, 1, 'c'), row(60, 1, 'd')], 2);
  const [first, second] = await files();
  await run([row(1, 2, 'A', '2026-01-03'), row(2, 2, 'B', '2026-01-03'), row(55, 1, 'e')], 3);
  const keys = (await files()).map(({ key }) => key);
  expect(keys).toContain(second!.key);
  expect(keys).not.toContain(first!.key);
  expect(await things()).toEqual(['1 2 A 03', '2 2 B 03', '50 1 c 01', '55 1 e 01', '60 1 d 01']);
});

test('a merge from several chunks ends as that of one', async () => {
  const rows = Array.from({ length: 12 }, (_, index) => row(index % 4, index, `n${index}`));
  await run([row(0, 100, 'newer'), row(1, 0, 'older')], 1);
  expect((await run(rows, 2, merging, 3)).merged).toEqual({ inserted: 2, updated: 1, superseded: 9 });
  expect(await things()).toEqual(['0 100 newer 01', '1 9 n9 01', '2 10 n10 01', '3 11 n11 01']);
});

test('two rows of a key are refused where nothing says which is the newer, and nothing changes', async () => {
  const options: Options = { mode: 'merge', key: ['id', 'day'] };
  await run([row(1, 1, 'a')], 1, options);
  const { code, input } = await runOf([row(1, 1, 'b'), row(1, 1, 'c')], 2, options);
  await expect(publish(ports, code, input)).rejects.toMatchObject({ code: 'KEY_TWICE', received: /1 rows/ });
  await compensate(ports, code, { ...input, state: 'Publish', error: { Error: 'KeyTwiceError' } });
  expect(await things()).toEqual(['1 1 a 01']);
});

test.each([
  ['merges', merging, ['1 3 late 01', '2 2 b 01']],
  ['replaces partitions', { mode: 'replacePartitions', partitionBy: ['day'] } as Options, ['1 3 late 01']],
])('a run that %s and lost a race does so on what the other has made, once', async (_, options, expected) => {
  await run([row(1, 1, 'a')], 1, options);
  const late = await runOf([row(1, 3, 'late')], 3, options);
  await publish(ports, late.code, late.input);
  // The other run must not read its file as well.
  await ports.objects.remove(ports.objects.keys('landing/').slice(-1));
  await run([row(1, 2, 'b'), row(2, 2, 'b')], 2, options);
  await commit(ports, late.code, late.input);
  await commit(ports, late.code, late.input);
  expect(await things()).toEqual(expected);
});

test('a merge that is cut off behind a write, and done again, counts and changes each row once', async () => {
  await run([row(1, 0, 'a'), row(2, 0, 'b')], 1);
  const cuts = ['objects.createFromFile', 'objects.createText', 'tables.commit'];
  for (const [index, cut] of cuts.entries()) {
    const { code, input } = await runOf([row(1, index + 1, cut), row(index + 10, 1, 'new')], index + 2, merging);
    const ends = async (own: EnginePorts) => {
      await publish(own, code, input);
      return commit(own, code, input);
    };
    const dying = faultyPorts(ports, new FaultLine({ behind: cut }));
    await expect(ends(dying)).rejects.toThrow('the connection was lost');
    const { tables } = await ends(ports);
    expect(tables['table.things'], cut).toMatchObject({ rows: 2, merged: { inserted: 1, updated: 1, superseded: 0 } });
    expect(await things()).toContain(`1 ${index + 1} ${cut} 01`);
  }
  expect(await things()).toHaveLength(5);
});

test('a run replaces the partitions that it has rows for, and no others', async () => {
  const options: Options = { mode: 'replacePartitions', partitionBy: ['day'] };
  await run([row(1, 1, 'a'), row(2, 1, 'b', '2026-01-02')], 1, options);
  await run([row(3, 1, 'c', '2026-01-02'), row(4, 1, 'd', '2026-01-03')], 2, options);
  expect(await things()).toEqual(['1 1 a 01', '3 1 c 02', '4 1 d 03']);
});

test('partitions of a table that is laid out in another way are not replaced', async () => {
  await run([row(1, 1, 'a')], 1, { partitionBy: ['seen'] });
  const options: Options = { mode: 'replacePartitions', partitionBy: ['day'] };
  await expect(run([row(2, 1, 'b')], 2, options)).rejects.toMatchObject({
    name: 'TableSchemaError',
    received: 'by seen',
    allowed: 'by day',
  });
  expect(await things()).toEqual(['1 1 a 01']);
});
