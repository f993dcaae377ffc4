import * as z from 'zod';
import { named } from '../component/named.ts';
import { defineOperator } from '../component/operator.ts';
import { asItIs, type Projection } from '../component/shape.ts';

const schema = z.strictObject({
  columns: named(z.string().min(1), { one: 'a column with its expression', example: "{ day: 'date::DATE' }" }).describe(
    'new column → DuckDB expression over the columns there are',
  ),
});

/**
 * Adds columns, or replaces one of the same name. Expressions see the columns that reach the step, not each other. A row on
 * which one fails, as a cast of text may, becomes a reject under the rule `<column> can be computed`.
 * @example derive({ day: 'date::date', late: 'delay > 15' })
 */
export default defineOperator({
  component: 'derive',
  schema,
  author: (columns: Readonly<Record<string, string>>) => ({ options: { columns } }),
  shape({ columns }, { input }) {
    const derived = new Map(Object.entries(columns).map(([name, sql]) => [name, { sql, path: ['columns', name] }]));
    const kept: Projection[] = input.map((column) => {
      const expression = derived.get(column.name);
      derived.delete(column.name);
      return expression ? { name: column.name, expression } : asItIs(column);
    });
    const added = [...derived].map(([name, expression]) => ({ name, expression }));
    return { form: 'project', columns: [...kept, ...added] };
  },
});
