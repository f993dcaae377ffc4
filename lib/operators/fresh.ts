import * as z from 'zod';
import { columnOfKind } from '../component/column-types.ts';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';
import { quoted } from '../component/shape.ts';
import { describeDuration, durationPattern, parseDuration } from '../core/parse-duration.ts';

const schema = z.strictObject({
  column: z.string().min(1).describe('column of times'),
  within: z
    .string()
    .regex(durationPattern, 'is not a duration: a number and a unit, such as "36 hours" or "2 days"')
    .describe('age that the newest row may have'),
});

/**
 * Holds where the newest time in a column is no older than a duration. Its age is taken at the time of the run's
 * schedule, or where it has none at the start of its execution, so that a repetition finds the same. A DATE counts from
 * its midnight in UTC. Rows without a single time are not fresh; a table without rows is not asked.
 * @example fresh('date', '2 days', { table: 'flights' })
 */
export default defineQualityRule({
  component: 'fresh',
  dimension: 'freshness',
  schema,
  author: (column: string, within: string, common?: RuleOptions) => ({ options: { column, within }, common }),
  columns: ({ column }) => [column],
  measure({ column }, columns) {
    columnOfKind(column, columns, 'time');
    const name = quoted(column);
    // Infinity is a time to DuckDB, and no number of milliseconds.
    const aggregate = `max(epoch_ms(${name})) FILTER (isfinite(${name}))`;
    return { form: 'values', values: { newest: { aggregate, merge: 'max' } } };
  },
  judge({ within }, { total, values }, { startedAt }) {
    const allowed = `at most ${within} old`;
    const newest = values?.newest ?? null;
    if (newest === null)
      return { holds: total === 0, observed: total === 0 ? 'no rows' : 'no row has a time', allowed };
    const age = startedAt - newest;
    const observed = age < 0 ? `${describeDuration(-age)} ahead of the run` : `${describeDuration(age)} old`;
    return { holds: age <= parseDuration(within), observed, allowed };
  },
});
