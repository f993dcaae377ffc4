import * as z from 'zod';
import { defineOperator } from '../component/operator.ts';

const schema = z.strictObject({
  condition: z.string().min(1).describe('DuckDB expression; rows for which it is true go on'),
  rule: z.string().min(1).optional().describe('name in the ledger; default: the condition itself'),
});

/**
 * Keeps the rows for which `condition` is true. The others are counted as filtered, under the rule's name. A row on which the
 * condition fails becomes a reject.
 * @example filter('distance > 0')
 * @example filter('status = \'paid\'', { rule: 'unpaid orders' })
 */
export default defineOperator({
  component: 'filter',
  schema,
  author: (condition: string, options: { readonly rule?: string } = {}) => ({ options: { condition, ...options } }),
  shape: ({ condition, rule }) => ({
    form: 'keep',
    rule: rule ?? condition,
    condition: { sql: condition, path: ['condition'] },
  }),
});
