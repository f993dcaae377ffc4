import * as z from 'zod';
import { fieldsOf } from '../component/contract.ts';
import { defineOperator } from '../component/operator.ts';

const column = z.strictObject({ name: z.string().min(1), type: z.string().min(1), nullable: z.boolean() });
const schema = z.strictObject({
  columns: z.array(column).min(1).describe('columns of the rows that the function returns'),
});

/**
 * Calls your own TypeScript for each row and goes on with what it returns. A throw rejects the row with the error's
 * message. The function must depend on its row alone: a chunk that is repeated must give the same rows.
 * 64-bit integers arrive as bigint, DECIMAL, DATE and TIMESTAMP as text.
 * @example map(z.object({ title: z.string(), words: z.int() }), (row) => ({ title: row.title, words: row.title.split(' ').length }))
 */
export default defineOperator({
  component: 'map',
  schema,
  author: <Row extends z.ZodObject>(returns: Row, call: (row: any) => z.input<Row>) => ({
    options: { columns: fieldsOf(returns).map(({ name, type, nullable }) => ({ name, type, nullable })) },
    call,
  }),
  shape: ({ columns }) => ({ form: 'call', columns }),
});
