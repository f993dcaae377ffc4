import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { after, cron, event, fileArrives, from, lake, pipeline, s3 } from '../../lib/index.ts';
import { TimedWorld } from '../fixtures/timed-world.ts';

const row = z.object({ id: z.int() });
const rows = from(s3({ prefix: 'landing/gathered/', format: 'csv' }), row);
const gathered = pipeline('gathered', {
  on: [
    fileArrives('landing/gathered/window/', { window: '5 minutes', atMost: 3 }),
    fileArrives('landing/gathered/counted/', { complete: { count: 2 } }),
    fileArrives('landing/gathered/marked/', { complete: { marker: '_SUCCESS' } }),
    fileArrives('landing/gathered/single/'),
    event({ source: 'com.shop', detailType: 'OrdersExported', detail: { shop: [{ prefix: 'eu' }] } }),
    cron('30 8 * * ? *', { zone: 'Europe/Berlin' }),
  ],
  overlap: { policy: 'queue' },
  resources: { workerMemoryMegabytes: 512 },
  outputs: [rows.to(lake({ table: 'gathered_rows' }))],
});
const summed = pipeline('summed', {
  on: [after('gathered')],
  resources: { workerMemoryMegabytes: 512 },
  outputs: [from(s3({ prefix: 'landing/summed/', format: 'csv' }), row).to(lake({ table: 'summed_rows' }))],
});

/** The day before the clocks of Berlin go forward. */
const start = Date.UTC(2026, 2, 28, 6);
const minutes = 60;
const hours = 3600;

let timed: TimedWorld;
let seen = new Set<string>();
beforeAll(async () => {
  timed = await TimedWorld.start([gathered, summed], start);
});
afterAll(() => timed.close());

let ids = 0;
const put = (key: string, text = `id\n${++ids}\n`) => timed.put(`landing/gathered/${key}`, text);

/** Runs that have come since the last look: what started each, its end, and how many files it read. */
async function news() {
  const all = await timed.runs('gathered');
  const found = all.filter(({ run }) => !seen.has(run));
  seen = new Set(all.map(({ run }) => run));
  return found.map(({ state, trigger, extract, totals }) => ({
    state,
    kind: trigger.kind,
    files: extract?.inputFiles,
    rows: totals?.rowsIn,
  }));
}

const completed = (kind: string, files: number) => ({ state: 'Completed', kind, files, rows: files });

test('files of a window are one run when it is over, and other pipelines come after it', async () => {
  for (const name of ['a', 'b']) await put(`window/${name}.csv`);
  await timed.pass(4 * minutes);
  expect(await news()).toEqual([]);
  await timed.pass(2 * minutes);
  expect(await news()).toEqual([completed('batch', 2)]);
  expect(await timed.runs('summed')).toMatchObject([{ state: 'Completed', trigger: { kind: 'pipeline' } }]);
  // What follows is about the first pipeline alone.
  const EventBusName = timed.world.output('BusName');
  await timed.world.look('events', 'DisableRule', { Name: 'penstock-summed-pipeline-1', EventBusName });
});

test('a window that is full is run at once, and the next file opens another', async () => {
  for (const name of ['c', 'd', 'e', 'f']) await put(`window/${name}.csv`);
  await timed.pass(1);
  expect(await news()).toEqual([completed('batch', 3)]);
  const open = (await timed.items()).filter(({ pk, state }) => pk.startsWith('BATCH#') && state === 'open');
  expect(open).toMatchObject([{ place: 'landing/gathered/window/', number: 3, files: 1 }]);
});

test('folders are run once they are complete, one after another, and each file in one of them', async () => {
  for (const folder of ['mon', 'tue']) for (const name of ['a', 'b']) await put(`counted/${folder}/${name}.csv`);
  await put('counted/wed/a.csv');
  await timed.pass(1 * minutes);
  expect(await news()).toEqual([1, 2].map(() => completed('batch', 2)));
  const work = (await timed.runs('gathered')).slice(-2).map(({ transitions }) => transitions);
  const times = work
    .map((all) => [all.find(({ phase }) => phase === 'Initializing')!.at, all.at(-1)!.at] as const)
    .sort(([a], [b]) => a - b);
  for (const [index, [begun]] of times.entries()) expect(begun).toBeGreaterThanOrEqual(times[index - 1]?.[1] ?? 0);
});

test('a marker runs what lies in its folder, and not itself', async () => {
  for (const name of ['a.csv', 'b.csv', 'deeper/c.csv', '_SUCCESS']) await put(`marked/mon/${name}`);
  await timed.pass(10);
  expect(await news()).toEqual([completed('folder', 2)]);
});

const tell = (shop: string) => {
  const Entries = [{ Source: 'com.shop', DetailType: 'OrdersExported', Detail: JSON.stringify({ shop }) }];
  return timed.world.look('events', 'PutEvents', { Entries });
};

test('an event runs what no earlier run has taken; another event does nothing', async () => {
  await tell('us');
  await timed.pass(10);
  expect(await news()).toEqual([]);
  await tell('eu-1');
  await timed.pass(10);
  // The file that waits in its window, a folder that is not complete, and one below a folder that is.
  expect(await news()).toEqual([completed('event', 3)]);
});

test('a file that comes again with the same content makes no run, is part of none, and the audit says so', async () => {
  for (const text of ['id\n7\n', 'id\n7\n', 'id\n8\n']) {
    await put('single/x.csv', text);
    await timed.pass(10);
  }
  expect(await news()).toEqual([completed('file', 1), completed('file', 1)]);
  const entries = (await timed.items()).filter(({ action }) => action === 'pass-over');
  expect(entries).toMatchObject([{ detail: { key: 'landing/gathered/single/x.csv', because: 'repeated' } }]);
  await put('single/x.csv', 'id\n8\n');
  await tell('eu-2');
  await timed.pass(10);
  expect(await news()).toEqual([{ state: 'Completed', kind: 'event', files: 0, rows: 0 }]);
});

test('a schedule keeps the hour of its zone when the clocks go forward', async () => {
  await timed.pass(26 * hours);
  const runs = await timed.runs('gathered');
  const times = runs.flatMap(({ trigger }) => (trigger.kind === 'schedule' ? [trigger.time] : []));
  expect(times.map((time) => new Date(time).toISOString())).toEqual([
    '2026-03-28T07:30:00.000Z',
    '2026-03-29T06:30:00.000Z',
  ]);
  expect(new Set(runs.map(({ state }) => state))).toEqual(new Set(['Completed']));
});
