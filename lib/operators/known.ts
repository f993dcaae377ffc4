import * as z from 'zod';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';

/**
 * Share of rows whose value stands in a column of reference data, a small dataset that is read whole. NULL counts as
 * known.
 * @example known('origin', airports, 'iata', { atLeast: 0.99 })
 */
export default defineQualityRule({
  component: 'known',
  dimension: 'accuracy',
  takesSide: true,
  schema: z.strictObject({
    column: z.string().min(1).describe('column whose values should be known'),
    among: z.string().min(1).describe('column of the reference data'),
  }),
  author: (column: string, reference: unknown, among: string, common?: RuleOptions) => ({
    options: { column, among },
    side: reference ?? null,
    common,
  }),
  columns: ({ column }) => [column],
  others: ({ among }) => ({ columns: [among] }),
  measure: ({ column, among }) => ({ form: 'members', columns: [column], among: [among] }),
});
