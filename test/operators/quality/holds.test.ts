import { expect, test } from 'vitest';
import * as z from 'zod';
import { holds, lake, rename } from '../../../lib/index.ts';
import { assessedRun, enginePorts, ruleProblems, ruleScore } from '../../fixtures/assessed-run.ts';

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

test('that fails on the data fails the run under its own name', async () => {
  const ports = enginePorts();
  const quality = [holds('departure % 1 = 0'), holds("(departure || 'x')::INTEGER > 0")];
  await expect(assessedRun({ record, rows, quality, ports })).rejects.toThrow('chunks are missing');
  const { run } = (await ports.runs.list({})).runs[0]!;
  const [failure] = await ports.runs.chunkFailures(run);
  expect(failure).toMatchObject({ error: 'StepFailedError', cause: expect.stringContaining('quality rule 2-holds') });
});

test.each([
  'arrival',
  'count(*) > 1',
  'arrival >= (SELECT 1)',
  'arrival > random()',
  'true; DROP TABLE rows',
  'arival > 1',
  'arrival >',
])('refuses %s', async (condition) => {
  expect(await ruleProblems(() => holds(condition), record)).toHaveLength(1);
});
