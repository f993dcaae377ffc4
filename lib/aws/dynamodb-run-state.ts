import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { RunChange } from '../runtime/ports/run-store.ts';
import { itemKeys } from './dynamodb-keys.ts';
import { asItem, type DynamodbTable } from './dynamodb-table.ts';

/** What is true of a run in one of the states `from`. */
export function isIn(from: RunChange['from']): {
  readonly expression: string;
  readonly values: Record<string, unknown>;
} {
  const values: Record<string, unknown> = {};
  const conditions = from.map(({ state, phase }, index) => {
    values[`:from${index}`] = state;
    if (phase === undefined) return `#state = :from${index}`;
    values[`:in${index}`] = phase;
    return `(#state = :from${index} AND #phase = :in${index})`;
  });
  return { expression: conditions.join(' OR '), values };
}

/** The part of a transaction that holds only while a run is in one of the states `from`. */
export function whileIn({ name }: DynamodbTable, run: string, from: RunChange['from']): TransactWriteItem {
  const { expression, values } = isIn(from);
  const names: Record<string, string> = { '#state': 'state' };
  if (from.some(({ phase }) => phase !== undefined)) names['#phase'] = 'phase';
  return {
    ConditionCheck: {
      TableName: name,
      Key: asItem(itemKeys.run(run)),
      ConditionExpression: expression,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: asItem(values),
    },
  };
}
