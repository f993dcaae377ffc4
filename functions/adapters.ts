import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamodbRunStore } from '../lib/aws/dynamodb-run-store.ts';
import { DynamodbTable } from '../lib/aws/dynamodb-table.ts';
import { DynamodbTableCatalog } from '../lib/aws/dynamodb-table-catalog.ts';
import { EventBridgeBus } from '../lib/aws/eventbridge-bus.ts';
import { S3ObjectStore } from '../lib/aws/s3-object-store.ts';
import { StepFunctionsExecutions } from '../lib/aws/step-functions-executions.ts';
import { StepFunctionsTasks } from '../lib/aws/step-functions-tasks.ts';
import { realClock } from '../lib/core/clock.ts';
import { environment } from './environment.ts';

/** Runtime's interfaces on AWS, each made once per process and only where it is asked for. */
export const clock = realClock();

export const objects = once(
  () => new S3ObjectStore({ client: new S3Client(patient), bucket: environment.lake, clock }),
);
export const runs = once(() => new DynamodbRunStore(runTable()));
export const tables = once(() => new DynamodbTableCatalog(runTable()));
export const bus = once(() => new EventBridgeBus(new EventBridgeClient(patient), environment.bus));
export const tasks = once(() => new StepFunctionsTasks(stepFunctions()));
export const executions = once(() => new StepFunctionsExecutions(stepFunctions()));

/** Throttled calls are worth waiting for: a chunk that fails costs more than its calls. */
const patient = { maxAttempts: 6 };
const runTable = once(() => new DynamodbTable(new DynamoDBClient(patient), environment.runTable, clock));
const stepFunctions = once(() => new SFNClient(patient));

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
