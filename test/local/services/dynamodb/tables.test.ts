import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from 'vitest';
import { createTable, startDynamodb } from './cloud.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
async function start(options = {}) {
  const dynamodb = await startDynamodb(options);
  stops.push(dynamodb.stop);
  return { ...dynamodb, send: (command: any): Promise<any> => dynamodb.client.send(command) };
}

test('makes a table that is active at once and shows what it was given', async () => {
  const { client, send } = await start();
  await createTable(client, 'runs', { Tags: [{ Key: 'app', Value: 'penstock' }], DeletionProtectionEnabled: true });
  const { Table } = await send(new DescribeTableCommand({ TableName: 'runs' }));
  expect(Table).toMatchObject({
    TableStatus: 'ACTIVE',
    TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/runs',
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    DeletionProtectionEnabled: true,
  });
  expect(Table.CreationDateTime).toBeInstanceOf(Date);
  const { Tags } = await send(new ListTagsOfResourceCommand({ ResourceArn: Table.TableArn }));
  expect(Tags).toEqual([{ Key: 'app', Value: 'penstock' }]);
  await expect(send(new DeleteTableCommand({ TableName: 'runs' }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('refuses a second table of the same name', async () => {
  const { client } = await start();
  await createTable(client, 'runs');
  await expect(createTable(client, 'runs')).rejects.toMatchObject({ name: 'ResourceInUseException' });
});

test('refuses by name what it does not have', async () => {
  const { client } = await start();
  const table = createTable(client, 'runs', { ResourcePolicy: '{}' });
  await expect(table).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('ResourcePolicy'),
  });
});

test('lists tables in pages', async () => {
  const { client, send } = await start();
  for (const name of ['ccc', 'aaa', 'bbb']) await createTable(client, name);
  const first = await send(new ListTablesCommand({ Limit: 2 }));
  expect(first).toMatchObject({ TableNames: ['aaa', 'bbb'], LastEvaluatedTableName: 'bbb' });
  const rest = await send(new ListTablesCommand({ ExclusiveStartTableName: 'bbb' }));
  expect(rest.TableNames).toEqual(['ccc']);
  expect(rest.LastEvaluatedTableName).toBeUndefined();
});

test('forgets the items of a deleted table, also in a new one of its name', async () => {
  const { client, send } = await start();
  await createTable(client, 'runs');
  await send(new PutItemCommand({ TableName: 'runs', Item: { id: { S: 'x' } } }));
  await send(new DeleteTableCommand({ TableName: 'runs' }));
  await expect(send(new DescribeTableCommand({ TableName: 'runs' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Requested resource not found: Table: runs not found',
  });
  await createTable(client, 'runs');
  expect((await send(new GetItemCommand({ TableName: 'runs', Key: { id: { S: 'x' } } }))).Item).toBeUndefined();
});

test('keeps the point-in-time recovery and time-to-live settings', async () => {
  const { client, send } = await start();
  await createTable(client, 'runs');
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  await send(new UpdateContinuousBackupsCommand({ TableName: 'runs', PointInTimeRecoverySpecification }));
  const backups = await send(new DescribeContinuousBackupsCommand({ TableName: 'runs' }));
  expect(backups.ContinuousBackupsDescription.PointInTimeRecoveryDescription).toMatchObject({
    PointInTimeRecoveryStatus: 'ENABLED',
  });
  const TimeToLiveSpecification = { Enabled: true, AttributeName: 'expires' };
  await send(new UpdateTimeToLiveCommand({ TableName: 'runs', TimeToLiveSpecification }));
  const { TimeToLiveDescription } = await send(new DescribeTimeToLiveCommand({ TableName: 'runs' }));
  expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
  await expect(send(new UpdateTimeToLiveCommand({ TableName: 'runs', TimeToLiveSpecification }))).rejects.toMatchObject(
    {
      message: 'TimeToLive is already enabled',
    },
  );
});

test('keeps tables, items and indexes in a data folder over a restart', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'penstock-dynamodb-'));
  stops.push(() => rmSync(dataFolder, { recursive: true }));
  const before = await startDynamodb({ dataFolder });
  await createTable(before.client, 'runs', {
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'state', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-state',
        KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
  await before.client.send(
    new PutItemCommand({ TableName: 'runs', Item: { id: { S: 'kept' }, state: { S: 'done' }, n: { N: '1' } } }),
  );
  await before.stop();
  const { send } = await start({ dataFolder });
  expect((await send(new GetItemCommand({ TableName: 'runs', Key: { id: { S: 'kept' } } }))).Item?.n).toEqual({
    N: '1',
  });
  const { Items } = await send(
    new QueryCommand({
      TableName: 'runs',
      IndexName: 'by-state',
      KeyConditionExpression: '#state = :state',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':state': { S: 'done' } },
    }),
  );
  expect(Items).toEqual([{ id: { S: 'kept' }, state: { S: 'done' } }]);
});
