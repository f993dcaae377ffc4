import type { Operation } from '../../../service.ts';
import type { Database } from '../database.ts';
import { checkedRequest } from '../request.ts';

/** GetItem, Query and Scan. */
export function readItem(database: Database, action: 'getItem' | 'query' | 'scan'): Operation {
  return async (input) => {
    const data = checkedRequest(action, input);
    database.tables.get(data.TableName, 'unnamed');
    return database.read(action, data);
  };
}
