import * as z from 'zod';
import { columnOf } from '../component/errors.ts';
import { defineOperator } from '../component/operator.ts';
import { asItIs, literal, type Projection, quoted, type Rejection } from '../component/shape.ts';

const target = z.union([
  z.string().min(1).describe('DuckDB type, e.g. DATE, BIGINT, DECIMAL(12,2)'),
  z.strictObject({
    type: z.enum(['DATE', 'TIMESTAMP']),
    format: z.string().min(1).describe('strptime format, e.g. %b %d %Y'),
  }),
]);
const schema = z.strictObject({ columns: z.record(z.string().min(1), target).describe('column → type') });

type Target = z.infer<typeof target>;

/**
 * Changes the type of columns. A value that does not convert rejects its row; NULL stays NULL.
 * @example cast({ price: 'DECIMAL(12,2)' })
 * @example cast({ released: { type: 'DATE', format: '%b %d %Y' } })
 */
export default defineOperator({
  component: 'cast',
  schema,
  author: (columns: Readonly<Record<string, Target>>) => ({ options: { columns } }),
  shape({ columns }, { input }) {
    const rejections: Rejection[] = [];
    const converted = new Map<string, Projection>();
    for (const [name, wanted] of Object.entries(columns)) {
      columnOf(name, input, ['columns', name]);
      const sql = conversion(quoted(name), wanted);
      const path = ['columns', name];
      converted.set(name, { name, expression: { sql, path } });
      const type = typeof wanted === 'string' ? wanted : `${wanted.type} like ${wanted.format}`;
      rejections.push({
        rule: `${name} is ${type}`,
        column: name,
        bad: { sql: `${quoted(name)} IS NOT NULL AND ${sql} IS NULL` },
        message: `is not ${type}`,
      });
    }
    return {
      form: 'project',
      columns: input.map((column) => converted.get(column.name) ?? asItIs(column)),
      rejections,
    };
  },
});

function conversion(column: string, wanted: Target): string {
  if (typeof wanted === 'string') return `TRY_CAST(${column} AS ${wanted})`;
  return `TRY_STRPTIME(${column}, ${literal(wanted.format)})::${wanted.type}`;
}
