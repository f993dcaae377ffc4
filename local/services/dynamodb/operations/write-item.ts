import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { type Database, itemName } from '../database.ts';
import { dynaliteDb } from '../dynalite.ts';
import { awsError, validation } from '../failure.ts';
import { withIndexes, writtenIndexes } from '../index-capacity.ts';
import { itemBytes } from '../item-size.ts';
import { checkedRequest, maxItemBytes } from '../request.ts';

export type WriteAction = 'putItem' | 'updateItem' | 'deleteItem';

/** PutItem, UpdateItem and DeleteItem: condition and change are one step, whatever runs beside them. */
export function writeItem(database: Database, action: WriteAction): Operation {
  return async (input) => {
    const data = checkedWrite(action, input);
    refuseCollectionMetrics(database, [data.TableName], input);
    const target = targetOf(database, data);
    return database.write([itemName(target.table, target.key)], async (writes) => {
      try {
        const result = await writes.run(action, data);
        if (!result.ConsumedCapacity) return result;
        const indexes = writtenIndexes(database.tables.get(target.table).description, writes.itemChanges());
        const mode = input.ReturnConsumedCapacity;
        return { ...result, ConsumedCapacity: withIndexes(result.ConsumedCapacity, mode, indexes) };
      } catch (error) {
        if (input.ReturnValuesOnConditionCheckFailure !== 'ALL_OLD' || !isConditionFailure(error)) throw error;
        const item = await writes.before(target.table, target.key);
        throw new AwsError(error.code, error.message, error.statusCode, item ? { Item: item } : {});
      }
    });
  };
}

export function isConditionFailure(error: unknown): error is AwsError {
  return error instanceof AwsError && error.code === 'ConditionalCheckFailedException';
}

/** A write's request after dynalite's rules and the two that dynalite lacks. */
export function checkedWrite(action: WriteAction, input: any): any {
  const returned = input.ReturnValuesOnConditionCheckFailure;
  if (returned != null && returned !== 'ALL_OLD' && returned !== 'NONE') {
    throw validation(
      `1 validation error detected: Value '${returned}' at 'returnValuesOnConditionCheckFailure' failed to satisfy constraint: ` +
        'Member must satisfy enum value set: [ALL_OLD, NONE]',
    );
  }
  const data = checkedRequest(action, input, ['ReturnValuesOnConditionCheckFailure']);
  if (data.Item && itemBytes(data.Item) > maxItemBytes)
    throw validation('Item size has exceeded the maximum allowed size');
  return data;
}

/** The table and the database key of the item that a checked write is about. */
export function targetOf(database: Database, data: any): { table: string; key: string } {
  const table = database.tables.get(data.TableName, 'unnamed').description;
  const invalid = data.Item ? dynaliteDb.validateItem(data.Item, table) : dynaliteDb.validateKey(data.Key, table);
  if (invalid) throw awsError(invalid);
  return { table: data.TableName, key: dynaliteDb.createKey(data.Item ?? data.Key, table) };
}

/** Without local indexes there are no item collections and AWS answers nothing; with them it would answer sizes. */
export function refuseCollectionMetrics(database: Database, tables: readonly string[], input: any): void {
  if (input.ReturnItemCollectionMetrics !== 'SIZE') return;
  if (tables.some((name) => database.tables.find(name)?.description.LocalSecondaryIndexes?.length)) {
    throw new NotSupportedError('ReturnItemCollectionMetrics in DynamoDB');
  }
}
