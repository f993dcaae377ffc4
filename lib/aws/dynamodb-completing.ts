import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { itemKeys } from './dynamodb-keys.ts';
import { asItem, type DynamodbTable } from './dynamodb-table.ts';

/** The part of a transaction that holds only while the run may publish. */
export function whileCompleting({ name }: DynamodbTable, run: string): TransactWriteItem {
  return {
    ConditionCheck: {
      TableName: name,
      Key: asItem(itemKeys.run(run)),
      ConditionExpression: '#state = :running AND #phase = :completing',
      ExpressionAttributeNames: { '#state': 'state', '#phase': 'phase' },
      ExpressionAttributeValues: asItem({ ':running': 'Running', ':completing': 'Completing' }),
    },
  };
}
