import { expect, test } from 'vitest';
import * as z from 'zod';
import { fresh } from '../../../lib/index.ts';
import { assessedRun, ruleProblems, ruleScore } from '../../fixtures/assessed-run.ts';

const record = z.object({ at: z.iso.datetime().nullable(), day: z.iso.date().nullable() });
const at = (...times: (string | null)[]) => times.map((time) => ({ at: time, day: null }));

test('takes the newest time of all chunks, at the start of the run', async () => {
  const rows = at('2025-12-31T20:00:00Z', '2025-12-31T12:00:00Z', null);
  expect(await ruleScore(fresh('at', '4 hours'), rows, record)).toMatchObject({
    dimension: 'freshness',
    share: 1,
    observed: '4 hours old',
    allowed: 'at most 4 hours old',
  });
  expect(await ruleScore(fresh('at', '239 minutes'), rows, record)).toMatchObject({ share: 0, broken: true });
});

test('takes the time of the schedule where the run has one', async () => {
  const { report } = await assessedRun({
    record,
    rows: at('2025-12-30T00:00:00Z'),
    quality: [fresh('at', '1 hour')],
    trigger: { kind: 'schedule', time: '2025-12-30T00:30:00Z' },
  });
  expect(report.rules[0]).toMatchObject({ share: 1, observed: '30 minutes old' });
});

test('counts a date from its midnight', async () => {
  const rows = [{ at: null, day: '2025-12-31' }];
  expect(await ruleScore(fresh('day', '1 day'), rows, record)).toMatchObject({ share: 1, observed: '1 day old' });
});

test('says of a time that is still to come how far ahead it is', async () => {
  const score = await ruleScore(fresh('at', '1 day'), at('2026-01-08T00:00:00Z'), record);
  expect(score).toMatchObject({ share: 1, observed: '1 week ahead of the run' });
});

test.each(['', '2', 'days', '0 days', '-1 day', '2 fortnights', '1.5 days'])(
  'refuses %j for a duration',
  async (within) => {
    expect(await ruleProblems(() => fresh('at', within), record)).toMatchObject([{ part: 'quality / fresh / within' }]);
  },
);
