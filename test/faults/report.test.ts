import { expect, test } from 'vitest';
import type { Report } from './play-all.ts';
import { linesOf } from './report.ts';

const report: Report = {
  ...{ histories: 2480, calls: 250_000, effects: 1408, left: 2, survived: 2730, failed: 1, cpuSeconds: 603.2 },
  ...{ systematicHistories: 396, systematicCpuSeconds: 120.4, systematicSeconds: 70 },
  ...{ randomHistories: 2000, randomCpuSeconds: 380.2, randomSeconds: 262.3 },
  ...{ casesHistories: 84, casesCpuSeconds: 102.6, casesSeconds: 320.7 },
};

test('stored cases are told apart from what is to be played in a time', () => {
  expect(linesOf(report)).toEqual([
    '396 systematic histories over 1408 effects (no time for 2 more), 2000 of seeds: 262 s, 501 s of CPU',
    '84 of stored cases, with and without their guards: 58 s, 103 s of CPU more',
    '2730 kills and losses survived, 1 histories failed',
  ]);
});

test('nothing is said of stored cases where none was played', () => {
  const without = { ...report, casesHistories: 0, casesCpuSeconds: 0, casesSeconds: 0, histories: 2396 };
  expect(linesOf(without).join()).not.toContain('stored');
});
