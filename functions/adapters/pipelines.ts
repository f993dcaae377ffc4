import { DynamodbPipelineStore } from '../../lib/aws/dynamodb-pipeline-store.ts';
import { once } from './once.ts';
import { runTable } from './run-table.ts';

export const pipelines = once(() => new DynamodbPipelineStore(runTable()));
