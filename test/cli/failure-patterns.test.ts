import { describe, expect, test } from 'vitest';
import { failurePatterns } from '../../lib/cli/failure-patterns.ts';
import type { Run } from '../../lib/cli/find-run.ts';

const missing = (key: string) => ({
  error: 'InputMissingError',
  code: 'INPUT_MISSING',
  message: `the file that started this run is gone; received: ${key} in version v1; put the file in its place again`,
  state: 'Extract',
  disposition: 'terminal' as const,
  kind: 'not-found' as const,
});
const failed = (run: string, endedAt: number, failure: Run['failure'] = missing(`landing/${run}.csv`)) => ({
  run,
  pipeline: 'orders',
  state: 'Failed' as const,
  startedAt: '2026-01-01T00:00:00Z',
  endedAt,
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
        runs: 3,
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

  test('are not those of runs that were cancelled, skipped or replaced, or did not fail', () => {
    const { failure: _, ...good } = failed('b', 10);
    expect(
      failurePatterns([
        { ...failed('a', 10), state: 'Cancelled' },
        { ...good, state: 'Completed' },
      ]),
    ).toEqual([]);
  });
});
