import * as z from 'zod';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';

/**
 * Holds where the run has written at least so many rows; a run that found no input is not asked.
 * @example populated(1000, { table: 'flights', onBreak: 'fail' })
 */
export default defineQualityRule({
  component: 'populated',
  dimension: 'completeness',
  schema: z.strictObject({ least: z.int().min(1).default(1).describe('rows, at least') }),
  author: (least?: number, common?: RuleOptions) => ({ options: { least }, common }),
  columns: () => [],
  measure: () => ({ form: 'values', values: { rows: { aggregate: 'count(*)', merge: 'sum' } } }),
  judge: ({ least }, { total }) => ({
    holds: total >= least,
    observed: `${total} rows`,
    allowed: `at least ${least}`,
  }),
});
