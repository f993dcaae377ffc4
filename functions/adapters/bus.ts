import { DynamodbOutbox } from '../../lib/aws/dynamodb-outbox.ts';
import { once } from './once.ts';
import { runTable } from './run-table.ts';

export const bus = once(() => new DynamodbOutbox(runTable()));
