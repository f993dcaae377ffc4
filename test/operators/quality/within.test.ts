import { expect, test } from 'vitest';
import * as z from 'zod';
import { within } from '../../../lib/index.ts';
import { ruleProblems, ruleScore } from '../../fixtures/assessed-run.ts';

const record = z.object({ delay: z.int().nullable(), ratio: z.number() });
const rows = [-3, -2, 0, 5, 6, null].map((delay) => ({ delay, ratio: (delay ?? 0) / 10 }));

test('takes both bounds, and NULL', async () => {
  expect(await ruleScore(within('delay', -2, 5), rows, record)).toMatchObject({ dimension: 'accuracy', passed: 4 });
});

test('takes fractions', async () => {
  expect(await ruleScore(within('ratio', -0.2, 0.5), rows, record)).toMatchObject({ passed: 4 });
});

test('holds for a bound of 17 digits itself', async () => {
  const exact = [0.13140237720694425, 0.9726444603665825, 1234.131402377207].map((ratio) => ({ delay: 1, ratio }));
  for (const { ratio } of exact)
    expect(await ruleScore(within('ratio', ratio, ratio), exact, record)).toMatchObject({ passed: 1 });
});

test('refuses bounds that leave nothing between them', async () => {
  for (const [least, most] of [
    [2, 1],
    ['2026-01-02', '2026-01-01'],
  ] as const)
    expect(await ruleProblems(() => within('delay', least, most), record)).toMatchObject([
      { problem: 'the lower bound is above the upper one' },
    ]);
});

const times = z.object({ at: z.iso.datetime(), born: z.iso.date() });

test('takes days, the last of them to its end, and moments', async () => {
  const rows = [
    { at: '2026-01-01T00:00:00Z', born: '2026-01-01' },
    { at: '2026-01-31T23:59:59Z', born: '2026-01-31' },
    { at: '2026-02-01T00:00:00Z', born: '2026-02-01' },
  ];
  const score = (rule: ReturnType<typeof within>) => ruleScore(rule, rows, times);
  expect(await score(within('born', '2026-01-01', '2026-01-31'))).toMatchObject({ passed: 2 });
  expect(await score(within('at', '2026-01-01', '2026-01-31'))).toMatchObject({ passed: 2 });
  expect(await score(within('at', '2026-01-01T01:00:00+01:00', '2026-02-01T00:00:00Z'))).toMatchObject({ passed: 3 });
});

test('refuses bounds that are none, of two kinds, or of another kind than the column', async () => {
  const problems = (column: string, least: number | string, most: number | string) =>
    ruleProblems(() => within(column, least, most), times);
  expect(await problems('born', '2026-02-30', 'soon')).toMatchObject([
    { received: '2026-02-30' },
    { received: 'soon' },
  ]);
  expect(await problems('born', 1, '2026-01-01')).toMatchObject([{ problem: 'the bounds are of two kinds' }]);
  expect(await problems('born', 1, 2)).toMatchObject([{ problem: '"born" is of type DATE' }]);
});
