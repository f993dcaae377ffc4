import type { Permission } from '../../service.ts';
import { leadingKeys } from './leading-keys.ts';
import { streamArnOf } from './streams/operations.ts';
import { type Tables, tableName } from './tables.ts';

/** IAM actions and the tables they are on, as AWS documents them for each operation. */
export function dynamodbPermissions(tables: Tables, operation: string, input: any): readonly Permission[] {
  const on = (table: unknown, action = operation, request = input): Permission => {
    const name = typeof table === 'string' ? tableName(table) : '*';
    const keys = leadingKeys(tables.find(name), action, request);
    return {
      action: `dynamodb:${action}`,
      resource: tables.arn(name),
      ...(keys && { conditions: { 'dynamodb:LeadingKeys': keys } }),
    };
  };
  switch (operation) {
    case 'ListTables':
    case 'ListStreams':
      return [{ action: `dynamodb:${operation}`, resource: '*' }];
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.entries(input.RequestItems ?? {}).map(([table, request]) => on(table, operation, request));
    case 'TransactGetItems':
      return (input.TransactItems ?? []).map((item: any) => on(item?.Get?.TableName, 'GetItem', item?.Get ?? {}));
    case 'TransactWriteItems':
      return (input.TransactItems ?? []).flatMap((item: any) =>
        Object.entries<any>(item ?? {}).map(([kind, request]) =>
          on(request?.TableName, kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`, request ?? {}),
        ),
      );
    case 'Query':
    case 'Scan': {
      const table = on(input.TableName);
      return [input.IndexName == null ? table : { ...table, resource: `${table.resource}/index/${input.IndexName}` }];
    }
    case 'TagResource':
    case 'UntagResource':
    case 'ListTagsOfResource':
      return [{ action: `dynamodb:${operation}`, resource: String(input.ResourceArn) }];
    case 'DescribeStream':
    case 'GetShardIterator':
    case 'GetRecords':
      return [{ action: `dynamodb:${operation}`, resource: streamArnOf(operation, input) ?? '*' }];
    default:
      return [on(input.TableName)];
  }
}
