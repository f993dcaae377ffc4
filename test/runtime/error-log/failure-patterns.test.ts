import { describe, expect, test } from 'vitest';
import { failureNotes } from '../../../lib/runtime/error-log/failure-notes.ts';
import { failurePatterns as patternsOf } from '../../../lib/runtime/error-log/failure-patterns.ts';
import { cloudEvent } from '../../../lib/runtime/events/cloud-event.ts';
import { eventsOfRun } from '../../../lib/runtime/events/events-of-run.ts';
import type { RunRecord } from '../../../lib/runtime/ports/run-store.ts';
import { errorLogContract } from '../../fixtures/ports/contracts/error-log.ts';
import { MemoryErrorLog } from '../../fixtures/ports/memory-error-log.ts';

errorLogContract('memory', () => new MemoryErrorLog());

/** The patterns that the events of the last changes of these runs make. */
const failurePatterns = (records: readonly RunRecord[]) =>
  patternsOf(failureNotes(records.flatMap(eventsOfRun).map(cloudEvent)));

const missing = (key: string) => ({
  error: 'InputMissingError',
  code: 'INPUT_MISSING',
  message: `the file that started this run is gone; received: ${key} in version v1; put the file in its place again`,
  state: 'Extract',
  disposition: 'terminal' as const,
  kind: 'not-found' as const,
});
const failed = (run: string, at: number, failure: RunRecord['failure'] = missing(`landing/${run}.csv`)): RunRecord => ({
  run,
  pipeline: 'orders',
  planDigest: 'd',
  trigger: { kind: 'manual', requestId: run },
  state: 'Failed',
  transitions: [
    { state: 'Triggered', at: 0 },
    { state: 'Failed', at },
  ],
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: at,
  failure,
});

describe('failures of runs', () => {
  test('are one pattern where only names and numbers differ, with first and last seen', () => {
    const patterns = failurePatterns([failed('c', 30), failed('a', 10), failed('b', 20)]);
    expect(patterns).toMatchObject([
      {
        pipeline: 'orders',
        error: 'InputMissingError',
        kind: 'not-found',
        count: 3,
        firstSeen: 10,
        lastSeen: 30,
        lastRun: 'c',
      },
    ]);
  });

  test('keep their fingerprint when more of them come', () => {
    const [before] = failurePatterns([failed('a', 10)]);
    const [after] = failurePatterns([failed('a', 10), failed('b', 20)]);
    expect(after!.fingerprint).toBe(before!.fingerprint);
    expect(before!.fingerprint).toMatch(/^[0-9a-f]{12}$/);
  });

  test.each([
    ['state', { state: 'Commit' }],
    ['error', { error: 'ServiceUnavailableError' }],
    ['problem', { message: 'no source of the pipeline reads the file; let the trigger name another prefix' }],
  ])('are another pattern with another %s, the last one first', (_, more) => {
    const patterns = failurePatterns([failed('a', 10), failed('b', 20, { ...missing('x'), ...more })]);
    expect(patterns.map(({ lastRun }) => lastRun)).toEqual(['b', 'a']);
  });

  test('have a kind also where the record is older than kinds', () => {
    const { kind: _, ...older } = missing('x');
    expect(failurePatterns([failed('a', 10, older)])).toMatchObject([{ kind: 'not-found' }]);
  });

  test('count a run once more where it is redriven and fails again, or is brought to its end after a failure', () => {
    const once = failed('a', 10);
    const again: RunRecord = {
      ...once,
      transitions: [...once.transitions, { state: 'Failed', phase: 'Kept', at: 20 }],
    };
    const repaired: RunRecord = {
      ...failed('b', 30),
      state: 'Completed',
      transitions: [{ state: 'Completed', at: 30 }],
    };
    expect(failurePatterns([once, again, repaired, again])).toMatchObject([{ count: 3, firstSeen: 10, lastSeen: 30 }]);
  });

  test('are not those of runs that were cancelled, skipped or replaced, or did not fail', () => {
    const { failure: _, ...good } = failed('b', 10);
    expect(
      failurePatterns([
        { ...failed('a', 10), state: 'Cancelled', transitions: [{ state: 'Cancelled', at: 10 }] },
        { ...good, state: 'Completed', transitions: [{ state: 'Completed', at: 10 }] },
      ]),
    ).toEqual([]);
  });
});
