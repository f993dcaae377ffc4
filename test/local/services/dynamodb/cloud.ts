import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LocalCloud, type LocalCloudOptions } from '../../../../local/cloud.ts';
import { createDynamodb } from '../../../../local/services/dynamodb/index.ts';

/** A cloud with DynamoDB alone, and a client for it. */
export async function startDynamodb(options: Partial<LocalCloudOptions> = {}) {
  const cloud = await LocalCloud.start({ services: [createDynamodb], ...options });
  const client = new DynamoDBClient({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return {
    cloud,
    client,
    async stop() {
      client.destroy();
      await cloud.close();
    },
  };
}

/** An on-demand table with a text key `id`. */
export async function createTable(client: DynamoDBClient, name: string, more: object = {}) {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      ...more,
    }),
  );
}
