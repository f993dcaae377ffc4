import * as z from 'zod';
import { columnOf } from '../component/errors.ts';
import { defineOperator } from '../component/operator.ts';
import { asItIs } from '../component/shape.ts';

const schema = z.strictObject({
  by: z.array(z.string().min(1)).describe('columns that make a group; empty: one group of all rows'),
  measures: z.record(z.string().min(1), z.string().min(1)).describe('new column → DuckDB aggregate expression'),
});

/**
 * One row for each group, over the whole run. The rows of a group are counted as merged into it.
 * @example aggregate({ by: ['day', 'origin'], measures: { flights: 'count(*)', meanDelay: 'avg(delay)' } })
 */
export default defineOperator({
  component: 'aggregate',
  schema,
  author: (options: z.input<typeof schema>) => ({ options }),
  meetBy: ({ by }) => by,
  shape: ({ by, measures }, { input }) => ({
    form: 'group',
    keys: by.map((name, index) => asItIs(columnOf(name, input, ['by', index]))),
    measures: Object.entries(measures).map(([name, sql]) => ({ name, expression: { sql, path: ['measures', name] } })),
  }),
});
