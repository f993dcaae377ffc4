import * as z from 'zod';
import { defineOperator } from '../component/operator.ts';
import { orderOf, orderSchema } from '../component/order.ts';

const schema = z.strictObject({
  order: orderSchema.describe('columns that decide, the first one first, or { column, descending }; NULLs come last'),
});

/**
 * Orders the rows that a run adds to a table: in each file, and from file to file in the order of their names (of a
 * table in partitions: in each of them). A large run parts the rows by ranges of the order, which are sampled, so that
 * workers sort side by side; rows that are equal in the order stay in that of their source. Readers skip what lies
 * outside of the range that they ask for. Steps behind it must pass its columns on as they are.
 * @example sort({ order: ['day', { column: 'delay', descending: true }] })
 */
export default defineOperator({
  component: 'sort',
  schema,
  author: (options: z.input<typeof schema>) => ({ options }),
  shape: ({ order }, { input }) => ({ form: 'sort', order: orderOf(order, input, ['order']) }),
});
