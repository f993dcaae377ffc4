import { expect, test } from 'vitest';
import * as z from 'zod';
import { holds, lake, rename } from '../../../lib/index.ts';
import { assessedRun, ruleProblems, ruleScore } from '../../fixtures/assessed-run.ts';

const record = z.object({ departure: z.int().nullable(), arrival: z.int().nullable() });
const rows = [
  { departure: 1, arrival: 2 },
  { departure: 2, arrival: 1 },
  { departure: 2, arrival: null },
];

test('reads several columns; what is NULL holds', async () => {
  const score = await ruleScore(holds('arrival >= departure'), rows, record);
  expect(score).toMatchObject({ dimension: 'consistency', total: 3, passed: 2 });
});

test('finds the output whose columns it is about', async () => {
  const { report } = await assessedRun({
    record,
    rows,
    quality: [holds('later > 1')],
    outputs: (all) => [all.pipe(rename({ arrival: 'later' })).to(lake({ table: 'arrivals' }))],
  });
  expect(report.rules[0]).toMatchObject({ table: 'arrivals', passed: 2 });
});

test('that fails on some rows is broken by them, alone and among others', async () => {
  const quality = [
    holds('departure % 1 = 0'),
    holds("(departure || 'x')::INTEGER > 0"),
    holds("concat(arrival, 'x')::INTEGER > 0"),
  ];
  const { report } = await assessedRun({ record, rows, quality });
  expect(report.rules.map(({ passed, total }) => [passed, total])).toEqual([
    [3, 3],
    [0, 3],
    [0, 3],
  ]);
  // NULL holds, and a text of digits can be computed.
  const some = await ruleScore(
    holds("(CASE WHEN arrival = 1 THEN 'x' ELSE arrival::VARCHAR END)::INTEGER > 0"),
    rows,
    record,
  );
  expect(some).toMatchObject({ total: 3, passed: 2 });
});

test.each([
  'arrival',
  'count(*) > 1',
  'arrival >= (SELECT 1)',
  'arrival > random()',
  'true; DROP TABLE rows',
  'arival > 1',
  'arrival >',
  "DATE '2026-01-01' + departure::INTEGER > '2026-02-30'",
])('refuses %s', async (condition) => {
  expect(await ruleProblems(() => holds(condition), record)).toHaveLength(1);
});
