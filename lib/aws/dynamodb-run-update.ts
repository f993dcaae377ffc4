import type { Update } from '@aws-sdk/client-dynamodb';
import type { RunChange } from '../runtime/ports/run-store.ts';
import { itemKeys } from './dynamodb-keys.ts';
import { isIn } from './dynamodb-run-state.ts';
import { asItem, asValue } from './dynamodb-table.ts';

/** The conditional update that moves a run from one of the states `from` to `to` and remembers it among the transitions. */
export function runUpdate({ run, from, to, at, facts = {} }: RunChange): Omit<Update, 'TableName'> {
  const names: Record<string, string> = { '#state': 'state', '#phase': 'phase', '#transitions': 'transitions' };
  const values: Record<string, unknown> = { ':state': to.state, ':step': [{ ...to, at }] };
  const removed = to.phase === undefined ? ['#phase'] : [];
  const sets = ['#state = :state', '#transitions = list_append(#transitions, :step)'];
  if (to.phase !== undefined) {
    sets.push('#phase = :phase');
    values[':phase'] = to.phase;
  }
  for (const [index, [name, value]] of Object.entries(facts).entries()) {
    if (value === undefined) continue;
    names[`#fact${index}`] = name;
    if (value === null) {
      removed.push(`#fact${index}`);
      continue;
    }
    values[`:fact${index}`] = value;
    sets.push(`#fact${index} = :fact${index}`);
  }
  const { expression, values: states } = isIn(from);
  return {
    Key: asItem(itemKeys.run(run)),
    UpdateExpression: `SET ${sets.join(', ')}${removed.length > 0 ? ` REMOVE ${removed.join(', ')}` : ''}`,
    ConditionExpression: expression,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries({ ...values, ...states }).map(([name, value]) => [name, asValue(value)]),
    ),
  };
}
