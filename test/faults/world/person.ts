import http from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamodbArrivals } from '../../../lib/aws/dynamodb-arrivals.ts';
import { DynamodbAudit } from '../../../lib/aws/dynamodb-audit.ts';
import { DynamodbBackfills } from '../../../lib/aws/dynamodb-backfills.ts';
import { DynamodbPipelineStore } from '../../../lib/aws/dynamodb-pipeline-store.ts';
import { DynamodbRunStore } from '../../../lib/aws/dynamodb-run-store.ts';
import { DynamodbTable } from '../../../lib/aws/dynamodb-table.ts';
import { lakeTables } from '../../../lib/aws/lake-tables.ts';
import { S3ObjectStore } from '../../../lib/aws/s3-object-store.ts';
import { SqsTriggerQueue } from '../../../lib/aws/sqs-trigger-queue.ts';
import { StepFunctionsExecutions } from '../../../lib/aws/step-functions-executions.ts';
import { StepFunctionsTasks } from '../../../lib/aws/step-functions-tasks.ts';
import { silentLogger } from '../../../lib/core/logger.ts';
import { rootCredentials } from '../../../local/iam/credentials.ts';
import type { World } from './world.ts';

/** What commands of a person need; their calls wait for their turn like all others. */
export function personOf(world: World) {
  class Agent extends http.Agent {
    override createConnection(): any {
      // What Node's client asks of a socket and a stream does not have.
      const none = { setKeepAlive() {}, setNoDelay() {}, setTimeout() {}, ref() {}, unref() {} };
      return Object.assign(world.cloud.connect(), none);
    }
  }
  const options = {
    endpoint: world.cloud.endpoint,
    region: world.cloud.region,
    credentials: rootCredentials,
    requestHandler: { httpAgent: new Agent({ keepAlive: true }) },
  };
  const { clock } = world;
  const table = new DynamodbTable(new DynamoDBClient(options), world.output('RunTableName'), clock);
  const sqs = new SQSClient(options);
  const sfn = new SFNClient(options);
  const objects = new S3ObjectStore({
    client: new S3Client({ ...options, forcePathStyle: true }),
    bucket: world.lake,
    clock,
  });
  const glue = new GlueClient(options);
  return {
    /** What clients of AWS are made with. */
    client: options,
    sqs,
    objects,
    tables: lakeTables({ glue, database: world.output('CatalogName'), objects, runTable: table }),
    backfills: new DynamodbBackfills(table),
    arrivals: new DynamodbArrivals(table),
    triggerQueue: new SqsTriggerQueue(sqs, world.output('TriggerQueueUrl')),
    runs: new DynamodbRunStore(table),
    pipelines: new DynamodbPipelineStore(table),
    audit: new DynamodbAudit(table),
    executions: new StepFunctionsExecutions(sfn),
    tasks: new StepFunctionsTasks(sfn),
    clock,
    logger: silentLogger,
  };
}

export type Person = ReturnType<typeof personOf>;
