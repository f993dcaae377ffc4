import { DescribeTableCommand, PutItemCommand, QueryCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTable, startDynamodb } from './cloud.ts';

let dynamodb: Awaited<ReturnType<typeof startDynamodb>>;
const send = (command: any): Promise<any> => dynamodb.client.send(command);
const update = (input: object) => send(new UpdateTableCommand({ TableName: 'runs', ...input }));
const describe = async () => (await send(new DescribeTableCommand({ TableName: 'runs' }))).Table;
const put = (id: string, state: string) =>
  send(new PutItemCommand({ TableName: 'runs', Item: { id: { S: id }, state: { S: state } } }));

beforeEach(async () => {
  dynamodb = await startDynamodb();
  await createTable(dynamodb.client, 'runs');
});
afterEach(() => dynamodb.stop());

const index = {
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' as const },
    { AttributeName: 'state', AttributeType: 'S' as const },
  ],
  GlobalSecondaryIndexUpdates: [
    {
      Create: {
        IndexName: 'by-state',
        KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' as const }],
        Projection: { ProjectionType: 'ALL' as const },
      },
    },
  ],
};

async function inState(state: string): Promise<string[]> {
  const query = new QueryCommand({
    TableName: 'runs',
    IndexName: 'by-state',
    KeyConditionExpression: '#state = :state',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':state': { S: state } },
  });
  return ((await send(query)).Items as any[]).map((item) => item.id.S).sort();
}

test('fills a new index with the items that are there, also those that are being written', async () => {
  for (let n = 0; n < 20; n++) await put(`r${n}`, 'open');
  await Promise.all([update(index), ...Array.from({ length: 20 }, (_, n) => put(`r${n}`, n % 2 ? 'done' : 'open'))]);
  const numbers = (rest: number) => Array.from({ length: 10 }, (_, n) => `r${2 * n + rest}`).sort();
  expect([await inState('open'), await inState('done')]).toEqual([numbers(0), numbers(1)]);
});

test('forgets a deleted index, and its attributes', async () => {
  await update(index);
  await put('a', 'open');
  await update({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-state' } }] });
  await expect(inState('open')).rejects.toMatchObject({
    message: 'The table does not have the specified index: by-state',
  });
  expect((await describe()).AttributeDefinitions).toEqual([{ AttributeName: 'id', AttributeType: 'S' }]);
  await update(index);
  expect(await inState('open')).toEqual(['a']);
});

test('changes how a table is paid for, protected and kept', async () => {
  await update({ BillingMode: 'PROVISIONED', ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 3 } });
  await update({ DeletionProtectionEnabled: true, TableClass: 'STANDARD_INFREQUENT_ACCESS' });
  expect(await describe()).toMatchObject({
    TableStatus: 'ACTIVE',
    BillingModeSummary: { BillingMode: 'PROVISIONED' },
    ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 3 },
    DeletionProtectionEnabled: true,
    TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
  });
});

test.each<[string, object]>([
  ['nothing', {}],
  ['an index on an attribute that is not defined', { ...index, AttributeDefinitions: undefined }],
  ['an index that is not there', { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'missing' } }] }],
  ['throughput on demand', { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } }],
  ['a stream turned off that never was on', { StreamSpecification: { StreamEnabled: false } }],
])('refuses %s', async (_, input) => {
  await expect(update(input)).rejects.toMatchObject({ name: 'ValidationException' });
});

test('refuses by name what it does not have', async () => {
  await expect(update({ ReplicaUpdates: [{ Create: { RegionName: 'eu-west-1' } }] })).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('ReplicaUpdates'),
  });
});
