import { DynamodbTableCatalog } from '../../lib/aws/dynamodb-table-catalog.ts';
import { once } from './once.ts';
import { runTable } from './run-table.ts';

export const tables = once(() => new DynamodbTableCatalog(runTable()));
