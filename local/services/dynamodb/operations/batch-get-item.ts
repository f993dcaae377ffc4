import type { Operation } from '../../../service.ts';
import type { Database } from '../database.ts';
import { checkedRequest } from '../request.ts';

const maxResponseBytes = 16 * 1024 * 1024;

/** BatchGetItem: items in the order of the keys; what does not fit into 16 MB is handed back as unprocessed. */
export function batchGetItem(database: Database): Operation {
  return async (input) => {
    const data = checkedRequest('batchGetItem', input);
    const responses: Record<string, unknown[]> = {};
    const unprocessed: Record<string, any> = {};
    const consumed: object[] = [];
    let bytes = 0;
    for (const [table, request] of Object.entries<any>(data.RequestItems)) {
      database.tables.get(table, 'unnamed');
      responses[table] = [];
      let units = 0;
      for (const Key of request.Keys) {
        const one = {
          TableName: table,
          Key,
          _projection: request._projection,
          AttributesToGet: request.AttributesToGet,
        };
        const result = await database.read('getItem', {
          ...one,
          ConsistentRead: request.ConsistentRead,
          ReturnConsumedCapacity: 'TOTAL',
        });
        const size = result.Item ? Buffer.byteLength(JSON.stringify(result.Item)) : 0;
        if (bytes + size > maxResponseBytes) {
          unprocessed[table] ??= { ...input.RequestItems[table], Keys: [] };
          unprocessed[table].Keys.push(Key);
          continue;
        }
        bytes += size;
        units += result.ConsumedCapacity.CapacityUnits;
        if (result.Item) responses[table].push(result.Item);
      }
      consumed.push({
        TableName: table,
        CapacityUnits: units,
        ...(data.ReturnConsumedCapacity === 'INDEXES' && { Table: { CapacityUnits: units } }),
      });
    }
    const capacity =
      data.ReturnConsumedCapacity && data.ReturnConsumedCapacity !== 'NONE' ? { ConsumedCapacity: consumed } : {};
    return { Responses: responses, UnprocessedKeys: unprocessed, ...capacity };
  };
}
