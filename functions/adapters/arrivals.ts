import { DynamodbArrivals } from '../../lib/aws/dynamodb-arrivals.ts';
import { once } from './once.ts';
import { runTable } from './run-table.ts';

export const arrivals = once(() => new DynamodbArrivals(runTable()));
