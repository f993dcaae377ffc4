import * as z from 'zod';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';

/**
 * Share of rows that are the first of their key, over the whole run.
 * @example unique(['date', 'origin', 'destination'])
 */
export default defineQualityRule({
  component: 'unique',
  dimension: 'uniqueness',
  schema: z.strictObject({ key: z.array(z.string().min(1)).min(1).describe('columns that make two rows the same') }),
  author: (key: readonly string[], common?: RuleOptions) => ({ options: { key: [...key] }, common }),
  columns: ({ key }) => key,
  measure: ({ key }) => ({ form: 'distinct', key }),
});
