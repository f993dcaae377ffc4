import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamodbTable } from '../../lib/aws/dynamodb-table.ts';
import { environment } from '../environment.ts';
import { awsClient } from './aws-client.ts';
import { clock } from './clock.ts';
import { once } from './once.ts';

export const runTable = once(() => new DynamodbTable(awsClient(DynamoDBClient), environment.runTable, clock));
