import * as z from 'zod';
import { columnOf } from '../component/errors.ts';
import { named } from '../component/named.ts';
import { defineOperator } from '../component/operator.ts';
import { asItIs, severities } from '../component/shape.ts';

const rule = z.strictObject({
  column: z.string().min(1).describe('column whose value the reject shows'),
  holds: z.string().min(1).describe('DuckDB expression that is true for a good row; NULL counts as good'),
  severity: z
    .enum(severities)
    .optional()
    .describe('stands with each reject; critical: one such row stops the run; default: major'),
});
const schema = z.strictObject({
  rules: named(rule, { one: 'a rule', example: "{ 'is sold': { column: 'price', holds: 'price > 0' } }" }).describe(
    'name of the rule → what must hold',
  ),
});

type Rules = z.input<typeof schema>['rules'];

/**
 * Holds rows against business rules. A row that breaks one, or on which it fails, becomes a reject under the rule's name, with
 * its severity.
 * @example validate({ 'sold after it was made': { column: 'sold', holds: 'sold >= made', severity: 'critical' } })
 * @example validate({ 'released in the past': { column: 'released', holds: "released < DATE '2012-01-01'" } })
 */
export default defineOperator({
  component: 'validate',
  schema,
  author: (rules: Rules) => ({ options: { rules } }),
  shape: ({ rules }, { input }) => ({
    form: 'project',
    columns: input.map(asItIs),
    rejections: Object.entries(rules).map(([name, { column, holds, severity }]) => ({
      rule: name,
      column: columnOf(column, input, ['rules', name, 'column']).name,
      holds: { sql: holds, path: ['rules', name, 'holds'] },
      message: `breaks the rule "${name}"`,
      ...(severity && { severity }),
    })),
  }),
});
