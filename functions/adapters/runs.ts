import { DynamodbRunStore } from '../../lib/aws/dynamodb-run-store.ts';
import { once } from './once.ts';
import { runTable } from './run-table.ts';

export const runs = once(() => new DynamodbRunStore(runTable()));
