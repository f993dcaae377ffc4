import { type ProjectShape, quoted } from '../../component/shape.ts';
import { stepCount } from '../ledger.ts';
import { anyBad, type Check } from '../rejects.ts';
import { rowColumn, rowsBySource } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/** A view: nothing is computed until somebody reads it. */
export async function project({ session, rejects, node, shape, input }: StepInput<ProjectShape>): Promise<StepResult> {
  const checks: Check[] = (shape.rejections ?? []).map(({ rule, column, holds, message }) => ({
    rule,
    column,
    bad: `NOT (${holds.sql}\n)`,
    value: quoted(column),
    message,
  }));
  const kept = { seen: rowAsJson(input.columns) };
  const lets = (shape.lets ?? []).map(({ name, expression }) => `, (${expression.sql}\n) AS ${quoted(name)}`);
  const withLets = (rows: string) => (lets.length > 0 ? `(SELECT *${lets.join('')} FROM ${rows})` : rows);
  const { rejected, rules } = await rejects.take(node.id, withLets(rowsBySource(input)), checks, kept);
  const columns = shape.columns.map(({ name, expression }) => `(${expression.sql}\n) AS ${quoted(name)}`);
  const where = rejected > 0 ? ` WHERE NOT (${anyBad(checks)})` : '';
  const relation = relationOf(node, input.rows - rejected, input);
  await session.run(
    `CREATE VIEW ${relation.name} AS SELECT ${columns.join(', ')}, ${rowColumn} FROM ${withLets(input.name)}${where}`,
  );
  return { relation, count: stepCount(node.id, { rowsIn: input.rows, rowsOut: relation.rows, rejected, rules }) };
}
