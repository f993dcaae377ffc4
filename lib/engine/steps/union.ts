import { literal, quoted, type UnionShape } from '../../component/shape.ts';
import { sameName } from '../column-names.ts';
import { stepCount } from '../ledger.ts';
import { type Relation, rowColumn, rowPath } from '../relation.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/** A view of all rows of all inputs. */
export async function union({
  session,
  node,
  shape,
  input,
  others,
  sharesRows,
}: StepInput<UnionShape>): Promise<StepResult> {
  const inputs = [input, ...others];
  const forked = sharesRows || inputs.some((one) => one.forked);
  const { origin } = shape;
  const selects = inputs.map((one, index) => {
    const columns = node.columns.map(({ name, type }) => {
      if (name === origin?.column) return `${literal(origin.names[index]!)} AS ${quoted(name)}`;
      const own = one.columns.find((column) => sameName(column.name, name));
      return `${own ? quoted(own.name) : 'NULL'}::${type} AS ${quoted(name)}`;
    });
    return `SELECT ${[...columns, `${rowOf(one, index)} AS ${rowColumn}`].join(', ')} FROM ${one.name} input`;
  });
  const rows = inputs.reduce((sum, one) => sum + one.rows, 0);
  const relation = relationOf(node, rows, { forked: forked ?? false, slow: inputs.some((one) => one.slow) });
  await session.run(`CREATE VIEW ${relation.name} AS ${selects.join(' UNION ALL ')}`);
  return { relation, count: stepCount(node.id, { rowsIn: rows, rowsOut: rows }) };

  /** The same row of a source may come in twice: the number of the input tells the two apart. */
  function rowOf(one: Relation, index: number): string {
    if (!forked) return rowColumn;
    return sharesRows ? `list_append(${rowPath('input', one)}, ${index})` : rowPath('input', one);
  }
}
