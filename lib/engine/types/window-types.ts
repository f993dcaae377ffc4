import type { Column } from '../../component/plan.ts';
import type { WindowShape } from '../../component/shape.ts';
import { checkNames } from '../column-names.ts';
import type { ParsedExpression } from '../expression.ts';
import type { Origin, StepTypes } from '../typing.ts';
import { aggregateMayBeNull } from './presence.ts';

/** What is known of a window column. */
interface WindowType {
  readonly type: string;
  readonly parsed: ParsedExpression;
}

/** Functions that a window column may call: those whose value does not depend on the order in which parts are added. */
export const windowFunctions =
  'lag lead first_value last_value nth_value ntile row_number rank dense_rank rank_dense percent_rank cume_dist count count_star sum avg mean min max bool_and bool_or bit_and bit_or bit_xor'.split(
    ' ',
  );

/** Functions that have a value for every row. */
const always = /^\s*(row_number|rank|dense_rank|rank_dense|percent_rank|cume_dist|ntile|count|count_star)\s*\(/i;

/** Columns of a step that computes values over the rows of a key: those of the input, then the computed ones. */
export function windowTypes(
  { keys, order, columns, keep }: WindowShape,
  input: readonly Column[],
  types: readonly WindowType[],
): StepTypes {
  checkNames([...input, ...columns].map(({ name }) => name));
  const names = input.map(({ name }) => name);
  const lineage: Record<string, readonly Origin[]> = Object.fromEntries(names.map((name) => [name, [name]]));
  const added = columns.map(({ name, call }, index): Column => {
    const { type, parsed } = types[index]!;
    // Which rows it looks at tells of their keys and their order, as an aggregate tells of its own ORDER BY.
    lineage[name] = [...new Set([...parsed.columns, ...keys, ...order.map((one) => one.column)])];
    // Every frame holds the row itself.
    return { name, type, nullable: !always.test(call.sql) && aggregateMayBeNull(parsed.tree, input) };
  });
  return { columns: [...input, ...added], lineage, keeps: names, ...(keep && { merges: true }) };
}
