import { DynamodbLeases } from '../../lib/aws/dynamodb-leases.ts';
import { once } from './once.ts';
import { runTable } from './run-table.ts';

export const leases = once(() => new DynamodbLeases(runTable()));
