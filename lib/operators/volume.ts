import * as z from 'zod';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';
import { refusal } from '../component/refusal.ts';

const schema = z
  .strictObject({
    of: z.enum(['median', 'mean']).default('median').describe('what of the earlier runs is expected'),
    runs: z.int().min(1).max(100).default(10).describe('earlier runs that are looked at, at most'),
    least: z.int().min(1).max(100).default(3).describe('earlier runs below which nothing is expected'),
    within: z.number().min(0).default(0.5).describe('how far away the rows may be, as a share of what is expected'),
  })
  .refine(
    ({ least, runs }) => least <= runs,
    refusal('asks for more runs than are looked at', {
      path: ['least'],
      allowed: 'at most as many as `runs`',
      change: 'lower `least` or raise `runs`',
    }),
  );

/**
 * Holds where the rows that the run has written are about as many as those of its pipeline's last completed runs that
 * had input. With too few of them it holds. Slices of a backfill are compared with one another.
 * @example volume({ runs: 14, within: 0.3 }, { table: 'flights' })
 */
export default defineQualityRule({
  component: 'volume',
  dimension: 'volume',
  schema,
  author: (options: z.input<typeof schema> = {}, common?: RuleOptions) => ({ options, common }),
  columns: () => [],
  measure: () => ({ form: 'values', values: { rows: { aggregate: 'count(*)', merge: 'sum' } } }),
  history: ({ runs }) => ({ runs, profile: false }),
  judge({ of, least, within }, { total }, { earlier }) {
    const rows = earlier.map((run) => run.rows).sort((a, b) => a - b);
    const observed = `${total} rows`;
    if (rows.length < least)
      return { holds: true, observed, allowed: `anything: ${rows.length} earlier runs of the ${least} that it takes` };
    const expected =
      of === 'mean' ? mean(rows) : mean(rows.slice(Math.ceil(rows.length / 2) - 1, Math.floor(rows.length / 2) + 1));
    const [from, to] = [Math.ceil(asDecimal(expected * (1 - within))), Math.floor(asDecimal(expected * (1 + within)))];
    return {
      holds: total >= from && total <= to,
      observed,
      allowed: `${Math.max(0, from)} to ${to}: the ${of} of ${rows.length} runs is ${Math.round(expected)}`,
    };
  },
});

/** Of 100 rows, 15 % more are 114.99999999999999 as binary fractions. */
function asDecimal(rows: number): number {
  return Number(rows.toPrecision(12));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
