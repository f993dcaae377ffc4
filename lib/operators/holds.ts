import * as z from 'zod';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';

/**
 * Share of rows for which an expression over their columns is true. One that is NULL counts as true.
 * @example holds('arrival >= departure', { atLeast: 0.999 })
 */
export default defineQualityRule({
  component: 'holds',
  dimension: 'consistency',
  schema: z.strictObject({ condition: z.string().min(1).describe('DuckDB expression that is true for a good row') }),
  author: (condition: string, common?: RuleOptions) => ({ options: { condition }, common }),
  // The compiler finds the output whose columns the expression fits.
  columns: () => [],
  measure: ({ condition }) => ({ form: 'count', holds: condition }),
});
