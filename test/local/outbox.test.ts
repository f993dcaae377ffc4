import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type ManualClock, manualClock } from '../../local/clocks/manual.ts';
import { LocalCloud } from '../../local/cloud.ts';
import { Outbox } from '../../local/outbox.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** An outbox of texts that fails as often as it is told, waits a second, and gives up after three attempts. */
async function start({
  clock = manualClock(),
  failures = 0,
  dataFolder,
}: {
  clock?: ManualClock;
  failures?: number;
  dataFolder?: string;
} = {}) {
  const cloud = await LocalCloud.start({ services: [], clock, dataFolder });
  const told: string[] = [];
  let left = failures;
  const outbox = new Outbox<string>(cloud, {
    collection: 'test.outbox',
    deliver: async ({ item }) => {
      if (left-- > 0) throw new Error('not now');
      told.push(`delivered ${item}`);
    },
    pause: ({ attempts }) => (attempts < 3 ? 1000 : undefined),
    giveUp: async ({ item, attempts }, error) => {
      told.push(`gave up ${item} after ${attempts}: ${error.message}`);
    },
  });
  const stop = async () => {
    await outbox.close();
    await cloud.close();
  };
  return { clock, outbox, told, stop };
}

test('delivers what is added, but not before adding is done', async () => {
  const { clock, outbox, told, stop } = await start();
  stops.push(stop);
  outbox.add('a');
  expect(told).toEqual([]);
  await clock.advance(0);
  expect(told).toEqual(['delivered a']);
});

test('tries again after its pause', async () => {
  const { clock, outbox, told, stop } = await start({ failures: 2 });
  stops.push(stop);
  outbox.add('a');
  await clock.advance(1999);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual(['delivered a']);
});

test('gives up once, saying why', async () => {
  const { clock, outbox, told, stop } = await start({ failures: 9 });
  stops.push(stop);
  outbox.add('a');
  await clock.advance(60_000);
  expect(told).toEqual(['gave up a after 3: not now']);
});

test('delivers after a restart what was pending, and nothing that was done', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'penstock-outbox-'));
  stops.push(() => rmSync(dataFolder, { recursive: true }));
  const before = await start({ dataFolder });
  before.outbox.add('done');
  await before.clock.advance(0);
  before.outbox.add('pending');
  await before.stop();
  const after = await start({ dataFolder });
  stops.push(after.stop);
  after.outbox.start();
  await after.clock.advance(0);
  expect(after.told).toEqual(['delivered pending']);
});
