import * as z from 'zod';
import { columnOfKind } from '../component/column-types.ts';
import { columnOf } from '../component/errors.ts';
import { numberLiteral } from '../component/number-literal.ts';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';
import { refusal } from '../component/refusal.ts';
import { literal, quoted } from '../component/shape.ts';

const day = /^\d{4}-\d{2}-\d{2}$/;

const bound = z.union([z.number(), z.string()]).refine(
  (value) =>
    typeof value === 'number' || z.union([z.iso.date(), z.iso.datetime({ offset: true })]).safeParse(value).success,
  refusal('is no bound', {
    allowed: 'a number, a day like "2026-01-31", or a time with its zone like "2026-01-31T12:00:00Z"',
    change: 'write it like one of these',
  }),
);

const schema = z
  .strictObject({
    column: z.string().min(1).describe('column of numbers, days or times'),
    least: bound.describe('lower bound, included: a number, or a day or time as text'),
    most: bound.describe('upper bound of the same kind, included; of a day all of it'),
  })
  .refine(
    ({ least, most }) => typeof least === typeof most,
    refusal('the bounds are of two kinds', {
      path: ['least'],
      allowed: 'two numbers, or two days or times',
      change: 'write both bounds in the same way',
    }),
  )
  .refine(
    ({ least, most }) => typeof least !== typeof most || inOrder(least, most),
    refusal('the lower bound is above the upper one', {
      path: ['least'],
      allowed: 'a lower bound that is not above the upper one',
      change: 'swap the bounds, or correct one of them',
    }),
  );

type Bound = z.output<typeof bound>;

/**
 * Share of rows in which the column lies between two numbers, days or times, both included. NULL counts as within:
 * `complete` is the rule for what is missing.
 * @example within('delay', -120, 3000)
 * @example within('born', '1900-01-01', '2025-12-31')
 */
export default defineQualityRule({
  component: 'within',
  dimension: 'accuracy',
  schema,
  author: (column: string, least: number | string, most: number | string, common?: RuleOptions) => ({
    options: { column, least, most },
    common,
  }),
  columns: ({ column }) => [column],
  measure({ column, least, most }, columns) {
    columnOfKind(column, columns, typeof least === 'number' ? 'number' : 'time');
    const value = quoted(column);
    if (typeof least === 'number' || typeof most === 'number') {
      const { type } = columnOf(column, columns);
      const [from, to] = [least, most].map((bound) => numberLiteral(Number(bound), type));
      return { form: 'count', holds: `${value} BETWEEN ${from} AND ${to}` };
    }
    const end = day.test(most) ? `< ${sqlOf(most)} + INTERVAL 1 DAY` : `<= ${sqlOf(most)}`;
    return { form: 'count', holds: `${value} >= ${sqlOf(least)} AND ${value} ${end}` };
  },
});

/** A time with a zone is a moment, whatever the column has: sessions count in UTC. */
function sqlOf(value: Extract<Bound, string>): string {
  return day.test(value) ? `DATE ${literal(value)}` : `TIMESTAMPTZ ${literal(value)}`;
}

function inOrder(least: Bound, most: Bound): boolean {
  if (typeof least === 'number' || typeof most === 'number') return least <= most;
  // A day ends when it is over; what is no time has been refused for that already.
  return !(Date.parse(least) > Date.parse(most) + (day.test(most) ? 86_399_999 : 0));
}
