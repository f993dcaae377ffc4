import { expect, test } from 'vitest';
import * as z from 'zod';
import { populated } from '../../../lib/index.ts';
import { assessedRun, ruleProblems, ruleScore } from '../../fixtures/assessed-run.ts';

const record = z.object({ city: z.string() });
const rows = ['Rome', 'Oslo', 'Kiel'].map((city) => ({ city }));

test.each([
  [3, true],
  [4, false],
])('asks for %s rows over all chunks', async (least, held) => {
  expect(await ruleScore(populated(least), rows, record)).toMatchObject({
    dimension: 'completeness',
    share: held ? 1 : 0,
    broken: !held,
    observed: '3 rows',
    allowed: `at least ${least}`,
  });
});

test('stops a run whose rows were all rejected', async () => {
  const quality = [populated(1, { onBreak: 'fail' })];
  const { report } = await assessedRun({ record, rows: [{ city: null }], quality });
  expect(report).toMatchObject({ gate: 'fail', totals: { rejected: 1 } });
});

test.each([0, 1.5, '3'])('refuses %s as a number of rows', async (least) => {
  expect(await ruleProblems(() => populated(least as number), record)).toHaveLength(1);
});
