import { expect, test } from 'vitest';
import * as z from 'zod';
import { unique } from '../../../lib/index.ts';
import { assessedRun, ruleScore } from '../../fixtures/assessed-run.ts';

const record = z.object({ city: z.string().nullable(), n: z.int() });
const rows = ['Rome', 'Oslo', 'Rome', null, null, 'Rome'].map((city, n) => ({ city, n }));

test('counts the first row of each key, wherever the others are', async () => {
  expect(await ruleScore(unique(['city']), rows, record)).toMatchObject({
    dimension: 'uniqueness',
    total: 6,
    passed: 3,
  });
});

test('takes a key of several columns', async () => {
  expect(await ruleScore(unique(['city', 'n']), rows, record)).toMatchObject({ share: 1 });
});

test('shows the rows of a key together', async () => {
  const { report } = await assessedRun({ record, rows, quality: [unique(['city'], { atLeast: 1 })] });
  expect(report.samples!['1-unique']!.map(({ city }) => city)).toEqual(['Rome', 'Rome', 'Rome', null, null]);
});
