import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCloud } from '../../../../local/cloud.ts';
import { root } from '../../../../local/iam/principals.ts';
import { createDynamodb } from '../../../../local/services/dynamodb/index.ts';

const TableName = 'orders';
let cloud: LocalCloud;
const ask = (operation: string, input: object): Promise<any> =>
  cloud.call('dynamodb', operation, { ReturnConsumedCapacity: 'INDEXES', ...input }, root('000000000000'));
const item = (status: string | undefined, note = 'n') => ({
  id: { S: '1' },
  at: { S: '1' },
  note: { S: note },
  ...(status && { status: { S: status } }),
});
const put = async (Item: object, options: object = {}) =>
  (await ask('PutItem', { TableName, Item, ...options })).ConsumedCapacity;

beforeAll(async () => {
  cloud = await LocalCloud.start({ services: [createDynamodb] });
  const key = (name: string, KeyType: string) => ({ AttributeName: name, KeyType });
  await cloud.call(
    'dynamodb',
    'CreateTable',
    {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [key('id', 'HASH'), key('at', 'RANGE')],
      AttributeDefinitions: ['id', 'at', 'status'].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      GlobalSecondaryIndexes: [
        { IndexName: 'by-status', KeySchema: [key('status', 'HASH')], Projection: { ProjectionType: 'KEYS_ONLY' } },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: 'local',
          KeySchema: [key('id', 'HASH'), key('status', 'RANGE')],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    },
    root('000000000000'),
  );
});
afterAll(() => cloud.close());

const units = (CapacityUnits: number) => ({ CapacityUnits });

describe('the capacity that a write consumes', () => {
  it('is listed by index: new entries, entries that move, entries that stay as they are', async () => {
    expect(await put(item(undefined))).toEqual({ TableName, CapacityUnits: 1, Table: units(1) });
    expect(await put(item('new'))).toEqual({
      TableName,
      CapacityUnits: 3,
      Table: units(1),
      GlobalSecondaryIndexes: { 'by-status': units(1) },
      LocalSecondaryIndexes: { local: units(1) },
    });
    expect(await put(item('done'))).toMatchObject({
      CapacityUnits: 5,
      GlobalSecondaryIndexes: { 'by-status': units(2) },
      LocalSecondaryIndexes: { local: units(2) },
    });
    // Of a note the index of keys knows nothing.
    const noted = await put(item('done', 'x'.repeat(2000)));
    expect(noted).toMatchObject({ CapacityUnits: 4, Table: units(2), LocalSecondaryIndexes: { local: units(2) } });
    expect(noted).not.toHaveProperty('GlobalSecondaryIndexes');
  });

  it('is one sum where the sum is asked for, and nothing where nothing is', async () => {
    await put(item('new'));
    expect(await put(item('done'), { ReturnConsumedCapacity: 'TOTAL' })).toEqual({ TableName, CapacityUnits: 5 });
    expect(await put(item('new'), { ReturnConsumedCapacity: 'NONE' })).toBeUndefined();
  });

  it('is that of all writes in batches, and twice as much in transactions', async () => {
    await put(item('new'));
    const RequestItems = { [TableName]: [{ DeleteRequest: { Key: { id: { S: '1' }, at: { S: '1' } } } }] };
    const [batch] = (await ask('BatchWriteItem', { RequestItems })).ConsumedCapacity;
    expect(batch).toMatchObject({ CapacityUnits: 3, Table: units(1), LocalSecondaryIndexes: { local: units(1) } });
    const TransactItems = [{ Put: { TableName, Item: item('new') } }];
    const [transaction] = (await ask('TransactWriteItems', { TransactItems })).ConsumedCapacity;
    expect(transaction).toMatchObject({
      CapacityUnits: 6,
      WriteCapacityUnits: 6,
      Table: units(2),
      GlobalSecondaryIndexes: { 'by-status': units(2) },
    });
  });
});
