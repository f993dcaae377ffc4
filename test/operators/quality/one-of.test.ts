import { expect, test } from 'vitest';
import * as z from 'zod';
import { oneOf } from '../../../lib/index.ts';
import { ruleProblems, ruleScore } from '../../fixtures/assessed-run.ts';

const record = z.object({ code: z.string().nullable(), n: z.int(), open: z.boolean(), on: z.iso.date() });
const rows = [
  { code: 'CHF', n: 1, open: true, on: '2024-01-01' },
  { code: "it's", n: 2, open: false, on: '2024-01-02' },
  { code: null, n: 3, open: true, on: '2024-01-03' },
];

test.each([
  ['code', ['CHF', 'chf', "it's"], 3],
  ['code', ['EUR'], 1],
  ['n', [1, 3, 2.5], 2],
  ['open', [true], 2],
  ['on', ['2024-01-02'], 1],
] as const)('%s is one of %j', async (column, values, passed) => {
  expect(await ruleScore(oneOf(column, values), rows, record)).toMatchObject({ dimension: 'validity', passed });
});

test.each([
  ['no values', 'code', []],
  ['numbers for a text', 'code', [1]],
  ['texts for a number', 'n', ['1']],
  ['values of two types', 'code', ['CHF', true]],
])('refuses %s', async (_, column, values) => {
  expect(await ruleProblems(() => oneOf(column, values), record)).toHaveLength(1);
});

test('knows a number of 17 digits', async () => {
  const values = [0.13140237720694425, 0.9726444603665825];
  const exact = [...values, 0.5].map((ratio) => ({ ratio }));
  expect(await ruleScore(oneOf('ratio', values), exact, z.object({ ratio: z.number() }))).toMatchObject({ passed: 2 });
});
