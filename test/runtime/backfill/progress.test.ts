import { expect, test } from 'vitest';
import { progressText } from '../../../lib/cli/show-backfill.ts';
import { progressOf } from '../../../lib/runtime/backfill/progress.ts';
import { runRecord } from '../../fixtures/ports/contracts/run-store.ts';

test('tells slices that somebody stopped from those that failed', () => {
  const states = ['Completed', 'Failed', 'Cancelled', 'Running'] as const;
  const runs = states.map((state) => ({ slice: `of ${state}`, record: runRecord(state, { state }) }));
  const progress = progressOf(5, runs, 1);
  expect(progress).toMatchObject({
    completed: 1,
    failed: 1,
    stopped: 1,
    running: 1,
    failures: { 'of Failed': 'Failed' },
    stops: { 'of Cancelled': 'Cancelled' },
  });
  expect(progressText(progress)).toMatch(/^1 of 5 slices, 0 rows, 1 at work, 1 failed, 1 stopped/);
});

test('tells no time for slices that wait for somebody', () => {
  const ended = { startedAt: '2026-11-21T06:00:00.000Z', endedAt: Date.parse('2026-11-21T06:00:08.000Z') };
  const records = { done: 'Completed', broken: 'Failed', halted: 'Cancelled' } as const;
  const runs = Object.entries(records).map(([slice, state]) => ({
    slice,
    record: runRecord(slice, { state, ...ended }),
  }));
  expect(progressOf(3, runs, 4).remainingMilliseconds).toBeUndefined();
  // Two are left for four at a time.
  expect(progressOf(5, runs, 4).remainingMilliseconds).toBe(8_000);
});
