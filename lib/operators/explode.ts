import * as z from 'zod';
import { elementType } from '../component/column-types.ts';
import { ColumnTypeUnfitError, columnOf } from '../component/errors.ts';
import { defineOperator } from '../component/operator.ts';

const schema = z.strictObject({
  column: z.string().min(1).describe('column with the lists'),
  as: z.string().min(1).optional().describe('name of the column with the elements; default: that of the lists'),
  position: z.string().min(1).optional().describe("name of a column with the element's place in its list, from 1"),
  empty: z
    .enum(['keep', 'drop'])
    .default('keep')
    .describe('what becomes of a row whose list is empty or NULL: it is kept with a NULL, or filtered'),
});

/**
 * One row for each element of a list; the other columns are repeated. What a row is multiplied by stands in the ledger.
 * An element that is a list or a structure goes on as one: explode or flatten it in turn.
 * @example explode('items')
 * @example explode('items', { as: 'item', position: 'line', empty: 'drop' })
 */
export default defineOperator({
  component: 'explode',
  schema,
  author: (column: string, options: Omit<z.input<typeof schema>, 'column'> = {}) => ({
    options: { column, ...options },
  }),
  shape({ column, as = column, position, empty }, { input }) {
    const { type } = columnOf(column, input, ['column']);
    if (elementType(type) === undefined)
      throw new ColumnTypeUnfitError(column, type, 'a column of lists, e.g. VARCHAR[]', ['column']);
    const rule = `${column} has elements`;
    return { form: 'explode', column, as, ...(position === undefined ? {} : { position }), empty, rule };
  },
});
