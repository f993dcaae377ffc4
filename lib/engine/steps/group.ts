import type { GroupShape } from '../../component/shape.ts';
import { groupQuery, mergedGroups } from '../aggregates/group-query.ts';
import { stepCount } from '../ledger.ts';
import { relationName } from '../relation.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/** A table: groups are few, and are read more than once. A group is named by the first of its rows. */
export async function group({ session, node, shape, input }: StepInput<GroupShape>): Promise<StepResult> {
  const name = relationName(node.id);
  await session.run(`CREATE TABLE ${name} AS ${await groupQuery(session, shape, input)}`);
  const [rowsOut] = await session.counts(`SELECT count(*) FROM ${name}`);
  const merged = input.rows - rowsOut!;
  const rule =
    shape.keys.length > 0 ? `group by ${shape.keys.map((one) => one.name).join(', ')}` : 'one group of all rows';
  return {
    relation: relationOf(node, rowsOut!, { ...input, slow: false }),
    count: stepCount(node.id, {
      rowsIn: input.rows,
      rowsOut: rowsOut!,
      merged,
      rules: merged > 0 ? { [rule]: merged } : {},
    }),
  };
}

/** The groups of a chunk, to travel in the place of its rows. */
export function groupEarly({ session, shape, input }: StepInput<GroupShape>): Promise<string> {
  return mergedGroups(session, shape, input);
}
