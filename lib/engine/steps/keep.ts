import type { KeepShape } from '../../component/shape.ts';
import { stepCount } from '../ledger.ts';
import { stillOncePer } from '../relation.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/** A view with a condition; the count reads only the columns that the condition names. */
export async function keep({ session, node, shape, input }: StepInput<KeepShape>): Promise<StepResult> {
  const condition = `coalesce((${shape.condition.sql}\n), false)`;
  const [rowsOut] = await session.counts(`SELECT count(*) FILTER (${condition}) FROM ${input.name}`);
  const filtered = input.rows - rowsOut!;
  const relation = { ...relationOf(node, rowsOut!, input), ...stillOncePer(input) };
  await session.run(
    `CREATE VIEW ${relation.name} AS SELECT * FROM ${input.name}${filtered > 0 ? ` WHERE ${condition}` : ''}`,
  );
  return {
    relation,
    count: stepCount(node.id, {
      rowsIn: input.rows,
      rowsOut: rowsOut!,
      filtered,
      rules: filtered > 0 ? { [shape.rule]: filtered } : {},
    }),
  };
}
