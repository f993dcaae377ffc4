import * as z from 'zod';
import { kindOf } from '../component/column-types.ts';
import { ColumnTypeUnfitError, columnOf } from '../component/errors.ts';
import { numberLiteral } from '../component/number-literal.ts';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';
import { literal, quoted } from '../component/shape.ts';

const schema = z.strictObject({
  column: z.string().min(1).describe('column whose values are listed'),
  values: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .min(1)
    .max(10_000)
    .describe('values that are allowed'),
});

/**
 * Share of rows in which the column is one of these values. NULL counts as one of them.
 * @example oneOf('currency', ['CHF', 'EUR', 'USD'])
 */
export default defineQualityRule({
  component: 'one-of',
  dimension: 'validity',
  schema,
  author: (column: string, values: readonly (string | number | boolean)[], common?: RuleOptions) => ({
    options: { column, values },
    common,
  }),
  columns: ({ column }) => [column],
  measure({ column, values }, columns) {
    const { type } = columnOf(column, columns);
    const kind = kindOf(type);
    const own = kind === 'number' || kind === 'boolean' ? kind : 'string';
    const stranger = values.find((value) => typeof value !== own);
    if (stranger !== undefined) throw new ColumnTypeUnfitError(column, type, `the type of ${JSON.stringify(stranger)}`);
    const list = values.map((value) => {
      if (typeof value === 'number') return numberLiteral(value, type);
      return typeof value === 'string' ? literal(value) : String(value);
    });
    // Of these a value has many texts: what is meant is the value.
    if (kind === 'time' || /^(TIME.*|UUID)$/.test(type)) {
      // A text with a zone is a moment, whatever the column has: sessions count in UTC.
      const as = type === 'TIMESTAMP' ? 'TIMESTAMPTZ' : type;
      const values = list.map((text) => `CAST(${text} AS ${as})`);
      return { form: 'count', holds: `${quoted(column)} IN (${values.join(', ')})`, shown: `${column} in values` };
    }
    const value = own === 'string' && kind !== 'text' ? `${quoted(column)}::VARCHAR` : quoted(column);
    return { form: 'count', holds: `${value} IN (${list.join(', ')})` };
  },
});
