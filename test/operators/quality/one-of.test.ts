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
  ['on', ['2024-1-2', '2024-01-03'], 2],
  ['at', ['2024-01-01T09:00:00Z'], 2],
  ['at', ['2024-01-01 09:00:00.500', '2024-01-01T11:00:00+02:00'], 3],
  ['moment', ['2024-01-01T07:00:00Z'], 3],
  ['time', ['09:00'], 2],
] as const)('%s is one of %j, however the same time is written', async (column, values, passed) => {
  const times = z.object({
    on: z.iso.date(),
    at: z.iso.datetime().nullable(),
    moment: z.iso.datetime({ offset: true }).meta({ columnType: 'TIMESTAMPTZ' }),
    time: z.iso.time(),
  });
  const some = [
    { on: '2024-01-01', at: '2024-01-01T09:00:00Z', moment: '2024-01-01T09:00:00+02:00', time: '09:00:00' },
    { on: '2024-01-02', at: '2024-01-01T09:00:00.5Z', moment: '2024-01-01T07:00:00Z', time: '09:00:00.5' },
    { on: '2024-01-03', at: null, moment: '2024-01-01T07:00:00.0Z', time: '09:00' },
  ];
  expect(await ruleScore(oneOf(column, values), some, times)).toMatchObject({ total: 3, passed });
});

test('says which value is no day', async () => {
  const [problem] = await ruleProblems(() => oneOf('on', ['2024-02-29', '2023-02-29']), record);
  expect(problem).toMatchObject({ received: "'2023-02-29'", allowed: 'a text that is a DATE' });
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
