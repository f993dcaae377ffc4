import * as z from 'zod';
import { columnOf } from '../component/errors.ts';
import { named } from '../component/named.ts';
import { defineOperator } from '../component/operator.ts';
import { quoted } from '../component/shape.ts';

const schema = z.strictObject({
  columns: named(z.string().min(1), { one: 'a column with its new name', example: "{ dep: 'departure' }" }).describe(
    'old name → new name',
  ),
});

/**
 * Gives columns new names; the order stays.
 * @example rename({ 'Cost Total $': 'cost' })
 */
export default defineOperator({
  component: 'rename',
  schema,
  author: (columns: Readonly<Record<string, string>>) => ({ options: { columns } }),
  shape({ columns }, { input }) {
    for (const name of Object.keys(columns)) columnOf(name, input, ['columns', name]);
    return {
      form: 'project',
      columns: input.map(({ name }) => ({
        name: Object.hasOwn(columns, name) ? columns[name]! : name,
        expression: { sql: quoted(name) },
      })),
    };
  },
});
