import * as z from 'zod';
import { kindOf } from '../component/column-types.ts';
import { ColumnTypeUnfitError, columnOf } from '../component/errors.ts';
import { fractionDigits, fractionRoom } from '../component/fraction-digits.ts';
import { isNested } from '../component/nested-type.ts';
import { defineOperator } from '../component/operator.ts';
import type { Column } from '../component/plan.ts';
import { asItIs, literal, quoted } from '../component/shape.ts';

const value = z.union([z.string(), z.number(), z.boolean()]);
const schema = z.strictObject({
  by: z.array(z.string().min(1)).describe('columns that make a row; empty: one row of everything'),
  column: z.string().min(1).describe('column whose values become columns'),
  values: z
    .union([z.array(value).min(1), z.record(z.string().min(1), value)])
    .describe('values that get a column each, named like them, or name of the column → value'),
  cell: z.string().min(1).describe('DuckDB aggregate expression over the rows of a cell, e.g. sum(amount)'),
  other: z.string().min(1).optional().describe('name of a column for the rows with any other value, or with none'),
});

type Value = z.output<typeof value>;

/**
 * One row for each group, with a column for each of the values: the aggregate of the rows that have it. The values are
 * listed, so that the columns are known before a run. Rows are counted as merged, as in aggregate.
 * @example pivot({ by: ['day'], column: 'origin', values: ['SEA', 'LAX'], cell: 'count(*)', other: 'elsewhere' })
 * @example pivot({ by: [], column: 'late', values: { late: true, punctual: false }, cell: 'avg(distance)' })
 */
export default defineOperator({
  component: 'pivot',
  schema,
  author: (options: z.input<typeof schema>) => ({ options }),
  meetBy: ({ by }) => by,
  shape({ by, column, values, cell, other }, { input }) {
    const of = columnOf(column, input, ['column']);
    const listed = Array.isArray(values)
      ? values.map((one, index) => ({ name: String(one), value: one, path: ['values', index] }))
      : Object.entries(values).map(([name, one]) => ({ name, value: one, path: ['values', name] }));
    const constants = listed.map((one) => constant(one.value, of, one.path));
    const expression = { sql: cell, path: ['cell'] };
    const measures = listed.map(({ name }, index) => ({
      name,
      expression,
      where: {
        sql: `${quoted(column)} = ${constants[index]}`,
        path: listed[index]!.path,
        shown: String(listed[index]!.value),
      },
    }));
    const rest = { sql: `coalesce(${quoted(column)} NOT IN (${constants.join(', ')}), true)` };
    return {
      form: 'group',
      keys: by.map((name, index) => asItIs(columnOf(name, input, ['by', index]))),
      measures: other === undefined ? measures : [...measures, { name: other, expression, where: rest }],
    };
  },
});

/** A value as SQL of the column's type. Throws where the column can never have it. */
function constant(one: Value, { name, type }: Column, path: readonly (string | number)[]): string {
  const kind = kindOf(type);
  const fits = typeof one === 'string' ? kind !== 'number' && kind !== 'boolean' : kind === typeof one;
  if (fits && !isNested(type) && !losesPart(one, type)) return `${literal(String(one))}::${type}`;
  throw new ColumnTypeUnfitError(name, type, `a column that can be ${JSON.stringify(one)}`, path);
}

/** True for a value of which DuckDB would take another one without a word: it rounds "1.5", and cuts a time off a day. */
function losesPart(one: Value, type: string): boolean {
  if (typeof one === 'number') return fractionDigits(one) > fractionRoom(type);
  return type === 'DATE' && typeof one === 'string' && !/^\s*\d{4}-\d{2}-\d{2}\s*$/.test(one);
}
