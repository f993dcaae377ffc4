import type { Cloud, Operation } from '../../service.ts';
import { KeyUse } from '../kms/key-use.ts';
import { dynamodbPermissions } from './permissions.ts';
import { type Tables, tableName } from './tables.ts';

/** The operations that touch items. */
const itemOperations = new Set([
  ...['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'],
  ...['GetItem', 'Query', 'Scan', 'BatchGetItem', 'TransactGetItems', 'GetRecords'],
]);

/**
 * Holds callers to the KMS keys of tables: DynamoDB unwraps the key of a table in the name of whoever reads or writes
 * items. What it does by itself, such as expiry, it does by a grant of its own.
 */
export function withTableKeys(
  cloud: Cloud,
  tables: Tables,
  operations: Record<string, Operation>,
): Record<string, Operation> {
  const keys = new KeyUse(cloud, 'dynamodb');
  const keyOf = (table: string): string | undefined => tables.find(table)?.description.SSEDescription?.KMSMasterKeyArn;
  const held = (name: string, operation: Operation): Operation => {
    return async (input, caller) => {
      for (const table of encryptedTables(name, input)) {
        const context = { 'aws:dynamodb:tableName': table, 'aws:dynamodb:subscriberId': cloud.accountId };
        await keys.decrypt(keyOf(table), context, caller);
      }
      return operation(input, caller);
    };
  };
  const encryptedTables = (operation: string, input: any) => {
    if (!tables.anyEncrypted()) return [];
    const named = dynamodbPermissions(tables, operation, input).map(({ resource }) => tableName(resource));
    return [...new Set(named)].filter((table) => keyOf(table) !== undefined);
  };
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      itemOperations.has(name) ? held(name, operation) : operation,
    ]),
  );
}
