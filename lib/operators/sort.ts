import * as z from 'zod';
import { defineOperator } from '../component/operator.ts';
import { orderOf, orderSchema } from '../component/order.ts';

const schema = z.strictObject({
  order: orderSchema.describe('columns that decide, the first one first, or { column, descending }; NULLs come last'),
});

/**
 * Orders the rows of every file that an output writes from them. A run of one chunk writes one file (one for each
 * partition), so the table is in order as a whole; a larger run writes several, each in order, and readers skip what
 * lies outside of the range that they ask for. Steps behind it must pass its columns on as they are.
 * @example sort({ order: ['day', { column: 'delay', descending: true }] })
 */
export default defineOperator({
  component: 'sort',
  schema,
  author: (options: z.input<typeof schema>) => ({ options }),
  shape: ({ order }, { input }) => ({ form: 'sort', order: orderOf(order, input, ['order']) }),
});
