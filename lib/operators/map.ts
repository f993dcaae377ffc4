import * as z from 'zod';
import { classificationSchema } from '../component/contract.ts';
import { fieldsOf } from '../component/contract-fields.ts';
import { defineOperator, type Step } from '../component/operator.ts';

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
    .describe('what one call may take before the function is stopped and the row rejected; default 10'),
  per: z
    .enum(['row', 'batch'])
    .optional()
    .describe('batch: the function gets some thousand rows as columns, and returns columns of as many; default: row'),
});

/** Columns of some rows: a list for each, all of one length. */
type Columns<Row> = { readonly [Name in keyof Row]: ArrayLike<Row[Name]> };

type PerBatch = <Row extends z.ZodObject>(
  returns: Row,
  call: (columns: Readonly<Record<string, any[]>>, rows: number) => Columns<z.input<Row>>,
  options: { readonly per: 'batch'; readonly deadlineSeconds?: number },
) => Step;

const map = defineOperator({
  component: 'map',
  schema,
  returnsOption: 'columns',
  author: <Row extends z.ZodObject>(
    returns: Row,
    call: (row: any) => z.input<Row>,
    options: { readonly per?: 'row'; readonly deadlineSeconds?: number } = {},
  ) => ({ options: { columns: fieldsOf(returns), ...options }, call }),
  shape: ({ columns, deadlineSeconds, per }) => ({ form: 'call', columns, deadlineSeconds, per }),
});

/**
 * Calls your own TypeScript for each row and goes on with what it returns. A throw rejects the row with the error's
 * message, and so does a returned row that does not meet `returns`, or a call that takes longer than its deadline. The
 * function must depend on its row alone, and may not be async: a chunk that is repeated must give the same rows. Integers
 * arrive as numbers, beyond 2^53 as bigint; DECIMAL, DATE, TIME and TIMESTAMP as text.
 *
 * Per batch it gets a list for each column, and how many rows there are. Where a batch fails it is called with fewer
 * rows, down to the one that is at fault; what a row becomes may not depend on the rows beside it.
 * @example map(z.object({ hash: z.string() }), ({ url }, rows) => ({ hash: Array.from({ length: rows }, (_, at) => url[at].slice(-8)) }), { per: 'batch' })
 * @example map(z.object({ title: z.string(), words: z.int() }), (row) => ({ title: row.title, words: row.title.split(' ').length }))
 */
export default map as typeof map & PerBatch;
