import * as z from 'zod';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';
import { quoted } from '../component/shape.ts';

/**
 * Share of rows in which the column is not NULL.
 * @example complete('origin', { atLeast: 0.99 })
 */
export default defineQualityRule({
  component: 'complete',
  dimension: 'completeness',
  schema: z.strictObject({ column: z.string().min(1).describe('column that should have a value') }),
  author: (column: string, common?: RuleOptions) => ({ options: { column }, common }),
  columns: ({ column }) => [column],
  measure: ({ column }) => ({ form: 'count', holds: `${quoted(column)} IS NOT NULL` }),
});
