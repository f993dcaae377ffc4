import { expect, test } from 'vitest';
import * as z from 'zod';
import { typed } from '../../../lib/index.ts';
import { ruleProblems, ruleScore } from '../../fixtures/assessed-run.ts';

const record = z.object({ value: z.string().nullable(), n: z.int() });

test.each([
  ['INTEGER', ['1', '-5', ' 7 '], ['1.5', 'x', '', '3000000000', '1e3']],
  ['DECIMAL(6,2)', ['1.25', '12'], ['1.255', '123456', 'x']],
  ['DATE', ['2024-02-29'], ['2023-02-29', '2024-13-01', 'today', 'infinity']],
  ['BOOLEAN', ['true', 'false'], ['maybe']],
])('takes for %s what becomes one without loss', async (type, good, bad) => {
  const rows = [...good, ...bad, null].map((value, n) => ({ value, n }));
  const score = await ruleScore(typed('value', type), rows, record);
  expect(score).toMatchObject({ dimension: 'validity', total: rows.length, passed: good.length + 1 });
});

test('narrows numbers', async () => {
  const rows = [1, 127, 128, -129].map((n) => ({ value: null, n }));
  expect(await ruleScore(typed('n', 'TINYINT'), rows, record)).toMatchObject({ passed: 2 });
});

test.each(['NUMBR', 'INTEGER); DROP TABLE x; --', ''])('refuses %j, which is no type', async (type) => {
  expect(await ruleProblems(() => typed('value', type), record)).toHaveLength(1);
});
