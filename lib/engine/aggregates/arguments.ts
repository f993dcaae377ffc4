import type { Column } from '../../component/plan.ts';
import type { MeasureProjection } from '../../component/shape.ts';
import { rowColumn } from '../relation.ts';
import type { Session } from '../session.ts';
import { neverFails } from '../steps/never-fails.ts';
import { type AggregateCall, aggregateCalls, functionsOf, windowCall } from './aggregate-calls.ts';
import { readTree } from './expression-tree.ts';

/**
 * SQL of what the calls of a measure are given of each row, in so far as it may fail. A row that a call does not take in
 * gives it nothing.
 */
export async function measureArguments(
  session: Session,
  { expression, where }: Pick<MeasureProjection, 'expression' | 'where'>,
  columns: readonly Column[],
): Promise<string[]> {
  const asked = { sql: expression.sql, row: rowColumn, ...(where && { where: where.sql }) };
  const { calls } = await aggregateCalls(session, await functionsOf(session), asked);
  return risky(session, calls, columns);
}

/** The same of the call of a window column. */
export async function windowArguments(session: Session, sql: string, columns: readonly Column[]): Promise<string[]> {
  return risky(session, [await windowCall(session, sql)], columns);
}

async function risky(session: Session, calls: readonly AggregateCall[], columns: readonly Column[]): Promise<string[]> {
  const found = new Set<string>();
  for (const { given, orders, where } of calls) {
    const values = [...given, ...orders];
    const all = values.length > 0 ? `row(${values.join(', ')})` : undefined;
    const sql = where === undefined ? all : `CASE WHEN ${where} THEN ${all ?? 'true'} END`;
    if (sql !== undefined && !neverFails(await readTree(session, sql), columns)) found.add(sql);
  }
  return [...found];
}
