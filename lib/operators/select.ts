import * as z from 'zod';
import { columnOf } from '../component/errors.ts';
import { defineOperator } from '../component/operator.ts';
import { asItIs } from '../component/shape.ts';

const schema = z.strictObject({
  columns: z.array(z.string().min(1)).min(1).describe('columns that go on, in this order'),
});

/**
 * Keeps only these columns, in this order.
 * @example select('title', 'released', 'gross')
 */
export default defineOperator({
  component: 'select',
  schema,
  author: (...columns: string[]) => ({ options: { columns } }),
  shape: ({ columns }, { input }) => ({
    form: 'project',
    columns: columns.map((name, index) => asItIs(columnOf(name, input, ['columns', index]))),
  }),
});
