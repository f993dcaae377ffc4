import { DynamodbCircuits } from '../../lib/aws/dynamodb-circuits.ts';
import { once } from './once.ts';
import { runTable } from './run-table.ts';

export const circuits = once(() => new DynamodbCircuits(runTable()));
