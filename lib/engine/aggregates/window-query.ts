import { quoted, type WindowColumn, type WindowShape } from '../../component/shape.ts';
import { columnList, type Relation, rowColumn } from '../relation.ts';
import type { Session } from '../session.ts';
import { overSql, windowSql } from '../steps/window-sql.ts';
import { windowCall } from './aggregate-calls.ts';
import { callStates, isFloatingSum, type TypedCall } from './aggregate-states.ts';
import { measuresOf } from './group-query.ts';
import { isWideSum } from './wide-sum.ts';

/** Rows with the columns that look at the other rows of their key. */
export interface WindowQuery {
  readonly select: string;
  /** Hidden columns of it, by the column that they tell of: about what a sum is that has no room, else NULL. */
  readonly beyond: Readonly<Record<string, string>>;
}

/**
 * Sums of floating-point numbers are put together from exact ones: DuckDB adds the parts of a frame in an order that
 * depends on the rows around it. So are those of numbers so wide that some part of a frame might have no room.
 */
export async function windowQuery(session: Session, shape: WindowShape, input: Relation): Promise<WindowQuery> {
  const inner: string[] = [];
  const outer: string[] = [];
  const beyond: Record<string, string> = {};
  for (const [index, column] of shape.columns.entries()) {
    const over = overSql(shape, column);
    const prefix = `__${index}_`;
    const name = quoted(column.name);
    const call = await exactSum(session, column, input);
    if (!call) {
      const { where, sql } = await windowCall(session, column.call.sql);
      inner.push(`${where === undefined ? windowSql(shape, column) : `${sql} ${over}`} AS ${name}`);
      outer.push(name);
      continue;
    }
    const { states, result, lacksRoom } = callStates({ ...call, prefix, over });
    for (const state of states) inner.push(`${state.sql} AS ${quoted(state.name)}`);
    outer.push(`${result} AS ${quoted(prefix)}`, `${quoted(prefix)} AS ${name}`);
    if (!lacksRoom) continue;
    beyond[column.name] = `${prefix}beyond`;
    outer.push(`CASE WHEN ${lacksRoom.when} THEN ${lacksRoom.near} END AS ${beyond[column.name]}`);
  }
  const own = columnList(input.columns);
  const select = `SELECT ${[own, ...outer, rowColumn].join(', ')} FROM (SELECT ${[own, ...inner, rowColumn].join(', ')} FROM ${input.name})`;
  return { select, beyond };
}

/** The call of a column that is a sum of such numbers, or their mean. */
async function exactSum(
  session: Session,
  { name, call }: WindowColumn,
  input: Relation,
): Promise<TypedCall | undefined> {
  if (!/^\s*(sum|avg|mean|fsum|favg|kahan_sum|sumkahan)\s*\(/i.test(call.sql)) return undefined;
  const shape = { form: 'group' as const, keys: [], measures: [{ name, expression: call }] };
  const [measure] = await measuresOf(session, shape, input);
  const [only] = measure!.calls;
  if (!only || isFloatingSum(only)) return only;
  // Of a mean the last digit would else depend on which rows of other keys are here.
  if (isWideSum(only) && (only.inHalves || only.name !== 'sum')) return { ...only, inHalves: true };
  return undefined;
}
