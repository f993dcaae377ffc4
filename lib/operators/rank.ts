import * as z from 'zod';
import { columnOf } from '../component/errors.ts';
import { defineOperator } from '../component/operator.ts';
import { orderOf, orderSchema } from '../component/order.ts';

const schema = z.strictObject({
  by: z.array(z.string().min(1)).describe('columns that make a group; empty: all rows are one'),
  order: orderSchema.describe('columns that decide the place, or { column, descending }; NULLs come last'),
  as: z.string().min(1).default('rank').describe('name of the new column'),
  ties: z
    .enum(['row_number', 'rank', 'dense_rank'])
    .default('row_number')
    .describe(
      'rows that are equal in the order: row_number: 1, 2, 3 by their place in the source; rank: 1, 1, 3; dense_rank: 1, 1, 2',
    ),
  top: z.int().min(1).optional().describe('only rows up to this rank go on; default: all'),
});

/**
 * Numbers the rows of each group from 1, over the whole run. With `top` the others are filtered, and counted so.
 * @example rank({ by: ['origin'], order: [{ column: 'distance', descending: true }], top: 3 })
 * @example rank({ by: [], order: ['delay', 'day'], as: 'place', ties: 'dense_rank' })
 */
export default defineOperator({
  component: 'rank',
  schema,
  author: (options: z.input<typeof schema>) => ({ options }),
  meetBy: ({ by }) => by,
  shape: ({ by, order, as, ties, top }, { input }) => ({
    form: 'window',
    keys: by.map((name, index) => columnOf(name, input, ['by', index]).name),
    order: orderOf(order, input, ['order']),
    columns: [{ name: as, call: { sql: `${ties}()` }, peers: ties !== 'row_number' }],
    ...(top !== undefined && { keep: { column: as, atMost: top, rule: `${ties} up to ${top}` } }),
  }),
});
