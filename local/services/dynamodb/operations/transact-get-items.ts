import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { type Database, itemName } from '../database.ts';
import { validation } from '../failure.ts';
import { itemBytes } from '../item-size.ts';
import { checkedRequest } from '../request.ts';
import { cancelled, maxTransactionBytes } from './transact-write-items.ts';
import { targetOf } from './write-item.ts';

const maxActions = 100;
const members = new Set(['TransactItems', 'ReturnConsumedCapacity']);

/** All items as of one moment: no write of any of them comes between. */
export function transactGetItems(database: Database): Operation {
  return async (input) => {
    for (const member of Object.keys(input)) {
      if (!members.has(member)) throw new NotSupportedError(`dynamodb:transactGetItems with ${member}`);
    }
    const count = input.TransactItems?.length ?? 0;
    if (count < 1 || count > maxActions) {
      throw validation(`Member must have length between 1 and ${maxActions}: transactItems has ${count}`);
    }
    const gets = input.TransactItems.map((item: any) => checkedGet(item));
    const reasons: { Code: string; Message?: string }[] = [];
    const names: string[] = [];
    for (const get of gets) {
      try {
        const target = targetOf(database, get);
        names.push(itemName(target.table, target.key));
        reasons.push({ Code: 'None' });
      } catch (error) {
        if (!(error instanceof AwsError) || error.code !== 'ValidationException') throw error;
        reasons.push({ Code: 'ValidationError', Message: error.message });
      }
    }
    if (names.length < gets.length) throw cancelled(reasons);
    if (new Set(names).size < names.length)
      throw validation('Transaction request cannot include multiple operations on one item');
    const results = await database.holding(names, () =>
      Promise.all(gets.map((get: any) => database.read('getItem', get))),
    );
    const bytes = results.reduce((total, { Item }) => total + (Item ? itemBytes(Item) : 0), 0);
    if (bytes > maxTransactionBytes) throw validation('Collection size of items in transaction cannot exceed 4MB');
    return { Responses: results.map(({ Item }) => (Item ? { Item } : {})), ...consumed(input, gets, results) };
  };
}

function checkedGet(item: any): any {
  if (!item.Get) throw validation("The parameter 'Get' is required but was not present in the request");
  return { ...checkedRequest('getItem', item.Get), ConsistentRead: true, ReturnConsumedCapacity: 'TOTAL' };
}

function consumed(input: any, gets: readonly any[], results: readonly any[]): object {
  if (input.ReturnConsumedCapacity !== 'TOTAL' && input.ReturnConsumedCapacity !== 'INDEXES') return {};
  const units = new Map<string, number>();
  gets.forEach((get, index) => {
    units.set(get.TableName, (units.get(get.TableName) ?? 0) + results[index].ConsumedCapacity.CapacityUnits * 2);
  });
  return {
    ConsumedCapacity: [...units].map(([TableName, CapacityUnits]) => ({
      TableName,
      CapacityUnits,
      ReadCapacityUnits: CapacityUnits,
      ...(input.ReturnConsumedCapacity === 'INDEXES' && { Table: { CapacityUnits } }),
    })),
  };
}
