import { type ProjectShape, quoted } from '../../component/shape.ts';
import { stepCount } from '../ledger.ts';
import { anyBad, type Check } from '../rejects.ts';
import { rowColumn, rowsBySource, stillOncePer } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/**
 * A view: nothing is computed until somebody reads it. Where a shape names values for itself they are costly, and then
 * the rows are kept: every count and output behind them would work them out anew.
 */
export async function project({ session, rejects, node, shape, input }: StepInput<ProjectShape>): Promise<StepResult> {
  const checks: Check[] = (shape.rejections ?? []).map(({ rule, column, holds, message, severity }) => ({
    rule,
    severity,
    column,
    bad: `NOT (${holds.sql}\n)`,
    value: quoted(column),
    message,
  }));
  const lets = (shape.lets ?? []).map(({ name, expression }) => `(${expression.sql}\n) AS ${quoted(name)}`);
  const values = quoted(`values ${node.id}`);
  if (lets.length > 0) await session.run(`CREATE TABLE ${values} AS SELECT *, ${lets.join(', ')} FROM ${input.name}`);
  const from = { ...input, ...(lets.length > 0 && { name: values }) };
  const kept = { seen: rowAsJson(input.columns) };
  const taken = await rejects.take(node.id, rowsBySource(from), checks, kept);
  const columns = shape.columns.map(({ name, expression }) => `(${expression.sql}\n) AS ${quoted(name)}`);
  const where = taken.rejected > 0 ? ` WHERE NOT (${anyBad(checks)})` : '';
  const isKept = (key: string) =>
    shape.columns.some(({ name, expression: { sql } }) => name === key && sql === quoted(key));
  const changed = input.oncePer?.filter((key) => !isKept(key));
  const relation = { ...relationOf(node, input.rows - taken.rejected, input), ...stillOncePer(input, changed) };
  await session.run(
    `CREATE ${lets.length > 0 ? 'TABLE' : 'VIEW'} ${relation.name} AS SELECT ${columns.join(', ')}, ${rowColumn} FROM ${from.name}${where}`,
  );
  if (lets.length > 0) await session.run(`DROP TABLE ${values}`);
  return {
    relation,
    count: stepCount(node.id, { rowsIn: input.rows, rowsOut: relation.rows, ...taken }),
  };
}
