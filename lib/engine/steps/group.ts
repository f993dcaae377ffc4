import { type GroupShape, quoted } from '../../component/shape.ts';
import { stepCount } from '../ledger.ts';
import { relationName, rowColumn } from '../relation.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/** A table: groups are few, and are read more than once. A group is named by the first of its rows. */
export async function group({ session, node, shape, input }: StepInput<GroupShape>): Promise<StepResult> {
  const columns = [...shape.keys, ...shape.measures].map(
    ({ name, expression }) => `(${expression.sql}\n) AS ${quoted(name)}`,
  );
  const keys = shape.keys.map(({ expression }) => expression.sql).join(', ');
  const name = relationName(node.id);
  // Without keys SQL makes one group of no rows at all; a run over nothing publishes nothing.
  await session.run(
    `CREATE TABLE ${name} AS SELECT ${columns.join(', ')}, min(${rowColumn}) AS ${rowColumn} FROM ${input.name}${keys ? ` GROUP BY ${keys}` : ''} HAVING count(*) > 0`,
  );
  const [rowsOut] = await session.counts(`SELECT count(*) FROM ${name}`);
  const merged = input.rows - rowsOut!;
  const rule =
    shape.keys.length > 0 ? `group by ${shape.keys.map((one) => one.name).join(', ')}` : 'one group of all rows';
  return {
    relation: relationOf(node, rowsOut!, input),
    count: stepCount(node.id, {
      rowsIn: input.rows,
      rowsOut: rowsOut!,
      merged,
      rules: merged > 0 ? { [rule]: merged } : {},
    }),
  };
}
