import * as z from 'zod';
import { columnOf } from '../component/errors.ts';
import { named } from '../component/named.ts';
import { defineOperator } from '../component/operator.ts';
import { orderOf, orderSchema } from '../component/order.ts';
import type { WindowColumn } from '../component/shape.ts';

const rows = z.union([z.int().min(0), z.literal('all')]);
const call = z.string().min(1);
const schema = z.strictObject({
  by: z.array(z.string().min(1)).describe('columns that make a group; empty: all rows are one'),
  order: orderSchema.describe('columns that order the rows of a group, or { column, descending }; NULLs come last'),
  columns: named(
    z.union([
      call,
      z.strictObject({
        call: call.describe('call of a window or aggregate function, e.g. avg(price)'),
        preceding: rows.default('all').describe('rows before the current one that it looks at'),
        following: rows.default(0).describe('rows behind the current one that it looks at'),
      }),
    ]),
    { one: 'a column with its call', example: "{ before: 'lag(delay)' }" },
  ).describe('new column → call of a window or aggregate function, over all rows up to the current one, or its frame'),
});

/** Functions for which rows of the same place in the order are one. */
const peers = /^\s*(rank|dense_rank|rank_dense|percent_rank|cume_dist)\s*\(/i;

/**
 * Adds columns that look at the other rows of a group, in their order, over the whole run: the row before (lag), the row
 * behind (lead), running sums, moving averages. Rows that are equal in the order stand by their place in the source, so
 * that the same input gives the same values.
 * @example window({ by: ['origin'], order: ['day'], columns: { before: 'lag(delay)', soFar: 'sum(distance)' } })
 * @example window({ by: [], order: ['day'], columns: { week: { call: 'avg(delay)', preceding: 6 } } })
 */
export default defineOperator({
  component: 'window',
  schema,
  author: (options: z.input<typeof schema>) => ({ options }),
  meetBy: ({ by }) => by,
  shape: ({ by, order, columns }, { input }) => ({
    form: 'window',
    keys: by.map((name, index) => columnOf(name, input, ['by', index]).name),
    order: orderOf(order, input, ['order']),
    columns: Object.entries(columns).map(([name, given]): WindowColumn => {
      const written = typeof given === 'string';
      const { call: sql, preceding, following } = written ? { call: given, preceding: 'all', following: 0 } : given;
      return {
        name,
        call: { sql, path: written ? ['columns', name] : ['columns', name, 'call'] },
        ...(peers.test(sql) ? { peers: true } : { frame: frame(preceding, following) }),
      };
    }),
  }),
});

function frame(preceding: number | string, following: number | string): string {
  const from = preceding === 'all' ? 'UNBOUNDED PRECEDING' : `${preceding} PRECEDING`;
  const to = following === 'all' ? 'UNBOUNDED FOLLOWING' : following === 0 ? 'CURRENT ROW' : `${following} FOLLOWING`;
  return `ROWS BETWEEN ${from} AND ${to}`;
}
