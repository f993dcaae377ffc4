import * as z from 'zod';
import { columnOf } from './errors.ts';
import type { Column } from './plan.ts';
import type { Order, Path } from './shape.ts';

const column = z.string().min(1);

/** How rows are ordered: columns, the first one deciding, each a name or a name with a direction. */
export const orderSchema = z
  .array(
    z.union([
      column,
      z.strictObject({
        column: column.describe('name of the column'),
        descending: z.boolean().default(false).describe('true: largest first'),
      }),
    ]),
  )
  .min(1);

/** The order in full. NULLs come last. Throws `ColumnUnknownError`. */
export function orderOf(order: z.output<typeof orderSchema>, input: readonly Column[], path: Path): Order[] {
  return order.map((one, index) => {
    const given = typeof one === 'string' ? { column: one, descending: false } : one;
    const place = typeof one === 'string' ? [...path, index] : [...path, index, 'column'];
    return { ...given, column: columnOf(given.column, input, place).name };
  });
}
