import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamodbTable } from '../../lib/aws/dynamodb-table.ts';
import { environment } from '../environment.ts';
import { clientOptions } from './client-options.ts';
import { clock } from './clock.ts';
import { once } from './once.ts';

export const runTable = once(() => new DynamodbTable(new DynamoDBClient(clientOptions), environment.runTable, clock));
