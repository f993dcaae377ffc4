import * as z from 'zod';
import { conversion, targetTypeSchema } from '../component/conversion.ts';
import { columnOf } from '../component/errors.ts';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';
import { quoted } from '../component/shape.ts';

/**
 * Share of rows whose value becomes one of another type without loss: `1.5` is no INTEGER, `2001-02-30` no DATE. NULL
 * counts as one that does.
 * @example typed('zip', 'INTEGER')
 */
export default defineQualityRule({
  component: 'typed',
  dimension: 'validity',
  schema: z.strictObject({
    column: z.string().min(1).describe('column whose values are tried'),
    type: targetTypeSchema,
  }),
  author: (column: string, type: string, common?: RuleOptions) => ({ options: { column, type }, common }),
  columns: ({ column }) => [column],
  measure({ column, type }, columns) {
    const { value, kept } = conversion(quoted(column), columnOf(column, columns).type, type);
    return { form: 'count', holds: `${quoted(column)} IS NULL OR ${kept(value)}` };
  },
});
