import { expect, test, vi } from 'vitest';
import { EventArchive } from '../../lib/aws/event-archive.ts';
import type { Clock } from '../../lib/core/clock.ts';
import { announce } from '../../lib/runtime/events/announce.ts';
import { eventsOfRun } from '../../lib/runtime/events/events-of-run.ts';
import type { ObjectStore } from '../../lib/runtime/ports/object-store.ts';
import { runRecord } from '../fixtures/ports/contracts/run-store.ts';
import { MemoryErrorLog } from '../fixtures/ports/memory-error-log.ts';
import { memoryPorts } from '../fixtures/ports/memory-ports.ts';

const ports = memoryPorts();
const errorLog = new MemoryErrorLog();
let now = Date.UTC(2026, 3, 2);
const happens = (run: string, at: number) =>
  announce({ ...ports, errorLog, broadcast: { send: async () => {} } }, [
    { type: 'PipelineFailed', pipeline: 'orders', run, at, detail: { sequence: 1 } },
  ]);

test('follows with the newest events first and then those that come, each once, even where they are told late', async () => {
  const coming = ['r5', 'r4'];
  const clock = {
    now: () => now,
    sleep: async () => {
      now += 1000;
      // It happened half a minute before it is kept.
      if (coming.length > 0) await happens(coming.pop()!, now - 30_000);
    },
  } as unknown as Clock;
  for (const number of [1, 2, 3]) await happens(`r${number}`, now - 60_000 * (4 - number));
  const lists = vi.spyOn(ports.objects, 'list');
  const archive = new EventArchive({
    ...ports,
    errorLog,
    circuits: { restore: async () => false },
    clock,
    audit: ports.audit,
  });
  const stop = new AbortController();
  const seen: string[] = [];
  for await (const { subject } of archive.follow({ since: 0, limit: 2 }, stop.signal)) {
    seen.push(subject);
    if (subject === 'r5') stop.abort();
  }
  expect(seen).toEqual(['r2', 'r3', 'r4', 'r5']);
  // Not one for each day since 1970.
  expect(lists.mock.calls.length).toBeLessThan(12);
  expect((await archive.list({ since: 0, limit: 1 })).map(({ subject }) => subject)).toEqual(['r5']);
});

test('a run whose last event is on its way to the archive is no difference, unless it is long on its way', async () => {
  const world = memoryPorts();
  const archive = new EventArchive({
    ...world,
    errorLog,
    circuits: { restore: async () => false },
    clock: { now: () => now } as Clock,
    audit: world.audit,
  });
  const record = runRecord('r', { state: 'Triggered', transitions: [{ state: 'Triggered', at: now }] });
  await world.runs.create(record);
  await announce({ ...world, errorLog, broadcast: { send: async () => {} } }, eventsOfRun(record));
  expect(await archive.compare()).toMatchObject({ same: 1, underWay: [], different: [] });
  const to = { state: 'Running', phase: 'Initializing' } as const;
  await world.runs.change({ run: 'r', from: [{ state: 'Triggered' }], to, at: now });
  expect(await archive.compare()).toEqual({ same: 0, underWay: ['r'], different: [], missing: [] });
  now += 15 * 60_000;
  expect(await archive.compare()).toMatchObject({ underWay: [], different: ['r'] });
});

test('a restore reads a few events at a time, and notes who did it before it changes anything and when it is done', async () => {
  const told = memoryPorts();
  const silent = { ...told, errorLog, broadcast: { send: async () => {} } };
  const failure = { error: 'X', message: 'it broke', state: 'Extract', disposition: 'terminal', kind: 'data' } as const;
  for (let number = 0; number < 300; number++) {
    const pipeline = number < 299 ? 'orders' : 'visits';
    const end = { state: 'Failed', at: now + number } as const;
    const record = runRecord(`${pipeline}-${number}`, { pipeline, state: 'Failed', failure, transitions: [end] });
    await announce(silent, eventsOfRun(record));
  }
  let waiting = 0;
  let most = 0;
  const objects = {
    async *list(prefix: string) {
      for await (const one of told.objects.list(prefix)) {
        most = Math.max(most, ++waiting);
        yield one;
      }
    },
    async readText(key: string) {
      waiting--;
      return told.objects.readText(key);
    },
  } as unknown as ObjectStore;
  const empty = memoryPorts();
  const done: string[] = [];
  const create = vi.spyOn(empty.runs, 'create').mockImplementation(async ({ pipeline }) => {
    done.push(pipeline);
    return 'created';
  });
  const archive = new EventArchive({
    objects,
    runs: empty.runs,
    errorLog: new MemoryErrorLog(),
    circuits: { restore: async () => false },
    clock: { now: () => now + 60_000 } as Clock,
    audit: {
      add: async ({ action, by, pipeline, detail }) => {
        done.push(`${action} ${detail?.outcome} ${pipeline} ${detail?.runs ?? ''} ${by}`);
      },
    },
  });
  const restored = await archive.restore({ by: 'ada' });
  expect(restored.runs).toHaveLength(300);
  expect(restored.errors).toBe(2);
  expect(create).toHaveBeenCalledTimes(300);
  expect(most).toBeLessThanOrEqual(258);
  expect([...new Set(done)]).toEqual([
    'restore begun orders  ada',
    'restore begun visits  ada',
    'orders',
    'visits',
    'restore done orders 299 ada',
    'restore done visits 1 ada',
  ]);
});
