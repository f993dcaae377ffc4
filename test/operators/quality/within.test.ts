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

test('refuses bounds that leave nothing between them', async () => {
  expect(await ruleProblems(() => within('delay', 2, 1), record)).toMatchObject([
    { problem: 'the lower bound is above the upper one' },
  ]);
});
