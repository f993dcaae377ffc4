import { DynamodbErrorLog } from '../../lib/aws/dynamodb-error-log.ts';
import { once } from './once.ts';
import { runTable } from './run-table.ts';

export const errorLog = once(() => new DynamodbErrorLog(runTable()));
