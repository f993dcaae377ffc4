import { quoted, type WindowShape } from '../../component/shape.ts';
import { stepCount } from '../ledger.ts';
import { columnList, rowColumn } from '../relation.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';
import { windowSql } from './window-sql.ts';

/** A view, unless only some rows of each key go on: which ones is computed once. */
export async function window({ session, node, shape, input }: StepInput<WindowShape>): Promise<StepResult> {
  const added = shape.columns.map((column) => `${windowSql(shape, column)} AS ${quoted(column.name)}`);
  const all = `SELECT ${columnList(input.columns)}, ${added.join(', ')}, ${rowColumn} FROM ${input.name}`;
  const { keep } = shape;
  if (!keep) {
    const relation = relationOf(node, input.rows, input);
    await session.run(`CREATE VIEW ${relation.name} AS ${all}`);
    return { relation, count: stepCount(node.id, { rowsIn: input.rows, rowsOut: input.rows }) };
  }
  const winners = quoted(`winners ${node.id}`);
  const names = shape.columns.map(({ name }) => quoted(name)).join(', ');
  await session.run(
    `CREATE TABLE ${winners} AS SELECT ${names}, ${rowColumn} FROM (${all}) WHERE ${quoted(keep.column)} <= ${keep.atMost}`,
  );
  const [rowsOut] = await session.counts(`SELECT count(*) FROM ${winners}`);
  const filtered = input.rows - rowsOut!;
  const relation = relationOf(node, rowsOut!, input);
  await session.run(
    `CREATE VIEW ${relation.name} AS SELECT ${columnList(input.columns)}, ${names}, ${rowColumn} FROM ${input.name} JOIN ${winners} USING (${rowColumn})`,
  );
  const rules = filtered > 0 ? { [keep.rule]: filtered } : {};
  return { relation, count: stepCount(node.id, { rowsIn: input.rows, rowsOut: rowsOut!, filtered, rules }) };
}
