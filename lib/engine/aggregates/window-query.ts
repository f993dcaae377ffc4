import { quoted, type WindowShape } from '../../component/shape.ts';
import { columnList, type Relation, rowColumn } from '../relation.ts';
import type { Session } from '../session.ts';
import { overSql, windowSql } from '../steps/window-sql.ts';
import { windowCall } from './aggregate-calls.ts';
import { callStates, isFloatingSum } from './aggregate-states.ts';
import { measuresOf } from './group-query.ts';

/**
 * SQL of the rows with the columns that look at the other rows of their key. Sums of floating-point numbers are put
 * together from exact ones: DuckDB adds the parts of a frame in an order that depends on the rows around it.
 */
export async function windowQuery(session: Session, shape: WindowShape, input: Relation): Promise<string> {
  const inner: string[] = [];
  const outer: string[] = [];
  for (const column of shape.columns) {
    const [call] = await floatingSum(session, column, input);
    if (!call) {
      const { where, sql } = await windowCall(session, column.call.sql);
      const whole = where === undefined ? windowSql(shape, column) : `${sql} ${overSql(shape, column)}`;
      inner.push(`${whole} AS ${quoted(column.name)}`);
      outer.push(quoted(column.name));
      continue;
    }
    const { states, result } = callStates({ ...call, prefix: `__${shape.columns.indexOf(column)}_` });
    for (const { name, sql } of states)
      inner.push(`${sql.startsWith('NULL') ? sql : `${sql} ${overSql(shape, column)}`} AS ${quoted(name)}`);
    outer.push(`${result} AS ${quoted(column.name)}`);
  }
  const own = columnList(input.columns);
  return `SELECT ${[own, ...outer, rowColumn].join(', ')} FROM (SELECT ${[own, ...inner, rowColumn].join(', ')} FROM ${input.name})`;
}

async function floatingSum(session: Session, { name, call }: WindowShape['columns'][number], input: Relation) {
  if (!/^\s*(sum|avg|mean|fsum|favg|kahan_sum|sumkahan)\s*\(/i.test(call.sql)) return [];
  const shape = { form: 'group' as const, keys: [], measures: [{ name, expression: call }] };
  const [measure] = await measuresOf(session, shape, input);
  return measure!.calls.filter(isFloatingSum);
}
