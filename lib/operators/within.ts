import * as z from 'zod';
import { columnOfKind } from '../component/column-types.ts';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';
import { refusal } from '../component/refusal.ts';
import { quoted } from '../component/shape.ts';

const schema = z
  .strictObject({
    column: z.string().min(1).describe('column of numbers'),
    least: z.number().describe('lower bound, included'),
    most: z.number().describe('upper bound, included'),
  })
  .refine(
    ({ least, most }) => least <= most,
    refusal('the lower bound is above the upper one', {
      path: ['least'],
      allowed: 'a lower bound that is not above the upper one',
      change: 'swap the bounds, or correct one of them',
    }),
  );

/**
 * Share of rows in which the column lies between two numbers, both included. NULL counts as within: `complete` is the
 * rule for what is missing.
 * @example within('delay', -120, 3000)
 */
export default defineQualityRule({
  component: 'within',
  dimension: 'accuracy',
  schema,
  author: (column: string, least: number, most: number, common?: RuleOptions) => ({
    options: { column, least, most },
    common,
  }),
  columns: ({ column }) => [column],
  measure({ column, least, most }, columns) {
    columnOfKind(column, columns, 'number');
    return { form: 'count', holds: `${quoted(column)} BETWEEN ${least} AND ${most}` };
  },
});
