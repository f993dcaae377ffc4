import type { Operation } from '../../../service.ts';
import { type Database, itemName } from '../database.ts';
import { validation } from '../failure.ts';
import { withIndexes, writtenIndexes } from '../index-capacity.ts';
import { itemBytes } from '../item-size.ts';
import { checkedRequest, maxItemBytes } from '../request.ts';
import { refuseCollectionMetrics, targetOf } from './write-item.ts';

const maxRequests = 25;

/** BatchWriteItem: up to 25 puts and deletes, without conditions. */
export function batchWriteItem(database: Database): Operation {
  return async (input) => {
    const data = checkedRequest('batchWriteItem', input);
    refuseCollectionMetrics(database, Object.keys(data.RequestItems), input);
    const names: string[] = [];
    for (const [table, requests] of Object.entries<any[]>(data.RequestItems)) {
      for (const { PutRequest, DeleteRequest } of requests) {
        const target = targetOf(database, { TableName: table, ...(PutRequest ?? DeleteRequest) });
        if (PutRequest && itemBytes(PutRequest.Item) > maxItemBytes)
          throw validation('Item size has exceeded the maximum allowed size');
        names.push(itemName(target.table, target.key));
      }
    }
    if (names.length > maxRequests) throw validation('Too many items requested for the BatchWriteItem call');
    return database.write(names, async (writes) => {
      const result = await writes.run('batchWriteItem', data);
      if (!result.ConsumedCapacity) return result;
      const consumed = result.ConsumedCapacity.map((capacity: any) => {
        const changes = writes.itemChanges().filter(({ table }) => table === capacity.TableName);
        const { description } = database.tables.get(capacity.TableName);
        return withIndexes(capacity, input.ReturnConsumedCapacity, writtenIndexes(description, changes));
      });
      return { ...result, ConsumedCapacity: consumed };
    });
  };
}
