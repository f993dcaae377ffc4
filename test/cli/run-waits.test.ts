import { describe, expect, test } from 'vitest';
import type { Run } from '../../lib/cli/find-run.ts';
import type { Platform } from '../../lib/cli/platform.ts';
import { runWait, waitText } from '../../lib/cli/run-waits.ts';
import { MemoryLeases } from '../fixtures/ports/memory-leases.ts';

const run = { run: 'cities-2', state: 'Triggered', pipeline: 'cities', planDigest: 'ab' } as Run;
const waiting = [{ state: 'Triggered' }] as const;
const leases = new MemoryLeases({ find: async () => ({ ...run, transitions: [] }) as never });
const plan = { pipeline: 'cities', overlap: { policy: 'queue', runs: 1 }, shares: { warehouse: 2 } };
const platform = { leases, storedPlan: async () => plan } as unknown as Platform;

describe('a run that has not begun', () => {
  test('waits for nothing while it is in no line', async () => {
    expect(await runWait(platform, run)).toBeUndefined();
  });

  test('tells of the line that it is in, of who is at work, and of who comes before it', async () => {
    for (const holder of ['orders-1', 'orders-2']) await leases.take('resource/warehouse', holder, 2);
    await leases.wait('resource/warehouse', 'cities-1', '2026-11-22T04:00:00.000Z', waiting);
    await leases.wait('resource/warehouse', 'cities-2', '2026-11-22T04:00:01.000Z', waiting);
    const wait = await runWait(platform, run);
    expect(wait).toEqual({ lease: 'resource/warehouse', limit: 2, holders: ['orders-1', 'orders-2'], ahead: 1 });
    expect(waitText(wait!)).toBe(
      'for the share "warehouse" of 2 at a time, which orders-1, orders-2 have; 1 run waits before it',
    );
  });

  test('is in the line of its own pipeline', async () => {
    await leases.take('pipeline/cities', 'cities-0', 1);
    await leases.wait('pipeline/cities', 'cities-2', '2026-11-22T04:00:01.000Z', waiting);
    expect(waitText((await runWait(platform, run))!)).toBe('for its turn among the runs of cities, which cities-0 has');
  });
});

test('a run that a person has let go on waits for what it lent', async () => {
  const decided = { ...run, run: 'cities-1', state: 'AwaitingReview', phase: 'Decided' } as Run;
  expect(await runWait(platform, decided)).toMatchObject({ lease: 'resource/warehouse', ahead: 0 });
});

test('a run that has begun waits for none', async () => {
  expect(await runWait(platform, { ...run, state: 'Running' })).toBeUndefined();
});
