import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { realClock } from '../../lib/core/clock.ts';
import { LocalCloud } from '../../local/cloud.ts';
import type { ServiceFactory } from '../../local/service.ts';

export const bucket = 'lake';
export const runTable = 'runs';
export const database = 'penstock';

/** Local AWS with some services, and the SDK's own clients for it. */
export async function startLocalAws(services: readonly ServiceFactory[]) {
  const cloud = await LocalCloud.start({ services });
  const options = {
    endpoint: cloud.endpoint,
    region: cloud.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const clients = {
    s3: new S3Client(options),
    glue: new GlueClient(options),
    dynamodb: new DynamoDBClient(options),
    sfn: new SFNClient(options),
    events: new EventBridgeClient(options),
  };
  return {
    cloud,
    clock: realClock(),
    ...clients,
    async stop() {
      for (const client of Object.values(clients)) client.destroy();
      await cloud.close();
    },
  };
}

export type LocalAws = Awaited<ReturnType<typeof startLocalAws>>;

/** A bucket with versions, as the platform stack makes it. */
export async function createLake({ s3 }: LocalAws): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }));
}

/** The database of the tables, as the platform stack makes it. */
export async function createCatalog({ glue }: LocalAws): Promise<void> {
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: database } }));
}

/** The run table, with the keys and the index that the platform stack gives it. */
export async function createRunTable({ dynamodb }: LocalAws): Promise<void> {
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
  await dynamodb.send(
    new CreateTableCommand({
      TableName: runTable,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [text('pk'), text('sk'), text('gsiPk'), text('gsiSk')],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byTime',
          KeySchema: [
            { AttributeName: 'gsiPk', KeyType: 'HASH' },
            { AttributeName: 'gsiSk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
}
