import * as z from 'zod';
import { classificationSchema } from '../component/contract.ts';
import { fieldsOf } from '../component/contract-fields.ts';
import { defineOperator } from '../component/operator.ts';

const rule = z.strictObject({
  name: z.string().describe('name in the ledger'),
  expression: z.string().describe('DuckDB expression that is true for a good value'),
  message: z.string().describe('follows the value in the reason of a reject'),
});
const column = z.strictObject({
  name: z.string().min(1).describe('name of the column'),
  type: z.string().min(1).describe('DuckDB type'),
  nullable: z.boolean().describe('true where the function may return nothing'),
  rules: z.array(rule).describe('what else must hold for the value'),
  classification: classificationSchema
    .optional()
    .describe('who may see the values; default: as the most confined column of the rows that go in'),
});
const schema = z.strictObject({
  columns: z.array(column).min(1).describe('columns of the rows that the function returns'),
  deadlineSeconds: z
    .number()
    .positive()
    .max(300)
    .optional()
    .describe('what one row may take before the function is stopped and the row rejected; default 10'),
});

/**
 * Calls your own TypeScript for each row and goes on with what it returns. A throw rejects the row with the error's
 * message, and so does a returned row that does not meet `returns`, or a call that takes longer than its deadline. The function must depend on its row alone, and may
 * not be async: a chunk that is repeated must give the same rows. Integers arrive as numbers, beyond 2^53 as bigint;
 * DECIMAL, DATE, TIME and TIMESTAMP as text.
 * @example map(z.object({ title: z.string(), words: z.int() }), (row) => ({ title: row.title, words: row.title.split(' ').length }))
 */
export default defineOperator({
  component: 'map',
  schema,
  returnsOption: 'columns',
  author: <Row extends z.ZodObject>(
    returns: Row,
    call: (row: any) => z.input<Row>,
    { deadlineSeconds }: { readonly deadlineSeconds?: number } = {},
  ) => ({
    options: { columns: fieldsOf(returns), ...(deadlineSeconds !== undefined && { deadlineSeconds }) },
    call,
  }),
  shape: ({ columns, deadlineSeconds }) => ({ form: 'call', columns, deadlineSeconds }),
});
