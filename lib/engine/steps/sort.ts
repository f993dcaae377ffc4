import type { SortShape } from '../../component/shape.ts';
import { stepCount } from '../ledger.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/** The rows as they are: they are ordered where they are written, as all that lies between may shuffle them. */
export async function sort({ session, node, input }: StepInput<SortShape>): Promise<StepResult> {
  const relation = relationOf(node, input.rows, input);
  await session.run(`CREATE VIEW ${relation.name} AS SELECT * FROM ${input.name}`);
  return { relation, count: stepCount(node.id, { rowsIn: input.rows, rowsOut: input.rows }) };
}
