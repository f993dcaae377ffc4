import type { Operation } from '../../../service.ts';
import type { Database } from '../database.ts';
import { validation } from '../failure.ts';
import { checkedRequest } from '../request.ts';

/** GetItem, Query and Scan. */
export function readItem(database: Database, action: 'getItem' | 'query' | 'scan'): Operation {
  return async (input) => {
    const data = checkedRequest(action, input);
    // The check that dynalite makes passes over segment 0.
    if (data.Segment === 0 && data.TotalSegments === undefined) {
      throw validation(
        'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
      );
    }
    database.tables.get(data.TableName, 'unnamed');
    return database.read(action, data);
  };
}
