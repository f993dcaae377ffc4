import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTable, startDynamodb } from './cloud.ts';

let dynamodb: Awaited<ReturnType<typeof startDynamodb>>;
const send = (command: any): Promise<any> => dynamodb.client.send(command);

beforeAll(async () => {
  dynamodb = await startDynamodb();
  await createTable(dynamodb.client, 'items');
  await createTable(dynamodb.client, 'runs', {
    KeySchema: [
      { AttributeName: 'id', KeyType: 'HASH' },
      { AttributeName: 'at', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'at', AttributeType: 'N' },
      { AttributeName: 'state', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-state',
        KeySchema: [
          { AttributeName: 'state', KeyType: 'HASH' },
          { AttributeName: 'at', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
});
afterAll(() => dynamodb.stop());

test('keeps every attribute type as it was written', async () => {
  const Item = {
    id: { S: 'types' },
    text: { S: 'näht 😀' },
    number: { N: '12345678901234567890.5' },
    bytes: { B: new Uint8Array([0, 255, 7]) },
    flags: { M: { yes: { BOOL: true }, none: { NULL: true as const } } },
    list: { L: [{ N: '1' }, { S: '' }] },
    sets: { SS: ['a', 'b'] },
    constructor: { S: 'plain data' },
  };
  await send(new PutItemCommand({ TableName: 'items', Item }));
  const { Item: read } = await send(new GetItemCommand({ TableName: 'items', Key: { id: { S: 'types' } } }));
  expect(read).toEqual(Item);
});

test('answers a failed condition with the item when asked for it', async () => {
  await send(new PutItemCommand({ TableName: 'items', Item: { id: { S: 'held' }, owner: { S: 'a' } } }));
  const put = new PutItemCommand({
    TableName: 'items',
    Item: { id: { S: 'held' }, owner: { S: 'b' } },
    ConditionExpression: 'attribute_not_exists(id)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  await expect(send(put)).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    message: 'The conditional request failed',
    Item: { id: { S: 'held' }, owner: { S: 'a' } },
  });
});

test('lets exactly one of many parallel conditional puts win', async () => {
  const attempts = Array.from({ length: 40 }, (_, n) =>
    send(
      new PutItemCommand({
        TableName: 'items',
        Item: { id: { S: 'race' }, winner: { N: String(n) } },
        ConditionExpression: 'attribute_not_exists(id)',
      }),
    ),
  );
  const results = await Promise.allSettled(attempts);
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
});

test('counts every parallel increment', async () => {
  const add = () =>
    send(
      new UpdateItemCommand({
        TableName: 'items',
        Key: { id: { S: 'counter' } },
        UpdateExpression: 'ADD hits :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
  await Promise.all(Array.from({ length: 50 }, add));
  const { Item } = await send(new GetItemCommand({ TableName: 'items', Key: { id: { S: 'counter' } } }));
  expect(Item?.hits).toEqual({ N: '50' });
});

test('removes several places of a list as they stood before', async () => {
  const parts = { L: ['a', 'b', 'c', 'd'].map((S) => ({ S })) };
  await send(new PutItemCommand({ TableName: 'items', Item: { id: { S: 'list' }, parts } }));
  const { Attributes } = await send(
    new UpdateItemCommand({
      TableName: 'items',
      Key: { id: { S: 'list' } },
      UpdateExpression: 'REMOVE parts[0], parts[2]',
      ReturnValues: 'ALL_NEW',
    }),
  );
  expect(Attributes?.parts).toEqual({ L: [{ S: 'b' }, { S: 'd' }] });
});

test('queries by number range, backwards, and through a global index', async () => {
  for (const at of [1, 2, 10, 100, -5]) {
    const state = { S: at > 5 ? 'done' : 'open' };
    await send(new PutItemCommand({ TableName: 'runs', Item: { id: { S: 'p' }, at: { N: String(at) }, state } }));
  }
  const range = await send(
    new QueryCommand({
      TableName: 'runs',
      KeyConditionExpression: 'id = :id AND #at BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':id': { S: 'p' }, ':from': { N: '-10' }, ':to': { N: '10' } },
      ScanIndexForward: false,
    }),
  );
  expect(range.Items?.map((item: any) => item.at.N)).toEqual(['10', '2', '1', '-5']);
  const index = await send(
    new QueryCommand({
      TableName: 'runs',
      IndexName: 'by-state',
      KeyConditionExpression: '#state = :state',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':state': { S: 'done' } },
    }),
  );
  expect(index.Items?.map((item: any) => item.at.N)).toEqual(['10', '100']);
});

test('moves an item between index entries when its index key changes', async () => {
  const key = { id: { S: 'moving' }, at: { N: '1' } };
  const inState = async (state: string) => {
    const { Count } = await send(
      new QueryCommand({
        TableName: 'runs',
        IndexName: 'by-state',
        KeyConditionExpression: '#state = :state',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':state': { S: state } },
      }),
    );
    return Count;
  };
  await send(new PutItemCommand({ TableName: 'runs', Item: { ...key, state: { S: 'first' } } }));
  await send(new PutItemCommand({ TableName: 'runs', Item: { ...key, state: { S: 'second' } } }));
  expect([await inState('first'), await inState('second')]).toEqual([0, 1]);
  await send(new DeleteItemCommand({ TableName: 'runs', Key: key }));
  expect(await inState('second')).toBe(0);
});

test('pages through a scan without losing or repeating an item', async () => {
  await createTable(dynamodb.client, 'paged');
  const ids = Array.from({ length: 25 }, (_, n) => `item-${n}`);
  const requests = ids.map((id) => ({ PutRequest: { Item: { id: { S: id } } } }));
  await send(new BatchWriteItemCommand({ RequestItems: { paged: requests } }));
  const seen: string[] = [];
  let ExclusiveStartKey: any;
  do {
    const page = await send(new ScanCommand({ TableName: 'paged', Limit: 4, ExclusiveStartKey }));
    seen.push(...(page.Items ?? []).map((item: any) => item.id.S));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  expect(seen.sort()).toEqual(ids.sort());
});

test('reads a batch across tables', async () => {
  await send(new PutItemCommand({ TableName: 'items', Item: { id: { S: 'one' } } }));
  await send(new PutItemCommand({ TableName: 'runs', Item: { id: { S: 'one' }, at: { N: '7' } } }));
  const { Responses, UnprocessedKeys } = await send(
    new BatchGetItemCommand({
      RequestItems: {
        items: { Keys: [{ id: { S: 'one' } }, { id: { S: 'not there' } }] },
        runs: { Keys: [{ id: { S: 'one' }, at: { N: '7' } }] },
      },
    }),
  );
  expect(Responses).toEqual({ items: [{ id: { S: 'one' } }], runs: [{ id: { S: 'one' }, at: { N: '7' } }] });
  expect(UnprocessedKeys).toEqual({});
});

test.each([
  [
    'an item over 400 KB',
    { id: { S: 'big' }, text: { S: 'é'.repeat(204_800) } },
    'ValidationException',
    /size has exceeded/,
  ],
  ['a missing key', { other: { S: 'x' } }, 'ValidationException', /Missing the key id/],
  ['a key of the wrong type', { id: { N: '1' } }, 'ValidationException', /Type mismatch for key id/],
])('refuses %s', async (_, Item, name, message) => {
  const put = send(new PutItemCommand({ TableName: 'items', Item: Item as any }));
  await expect(put).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
});

test('names a table that does not exist', async () => {
  const get = send(new GetItemCommand({ TableName: 'nowhere', Key: { id: { S: 'x' } } }));
  await expect(get).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Requested resource not found',
  });
});

test('takes attributes that nest 32 levels, and no deeper', async () => {
  const nested = (levels: number): any => (levels === 0 ? { N: '1' } : { L: [nested(levels - 1)] });
  const put = (levels: number) =>
    send(new PutItemCommand({ TableName: 'items', Item: { id: { S: 'deep' }, deep: nested(levels) } }));
  await put(32);
  await expect(put(1000)).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(/Nesting Levels/),
  });
});

test('refuses an attribute called __proto__, which it could not keep', async () => {
  const Item = JSON.parse('{"id":{"S":"x"},"__proto__":{"S":"y"}}');
  const put = dynamodb.cloud.call('dynamodb', 'PutItem', { TableName: 'items', Item }, { kind: 'root', arn: '' });
  await expect(put).rejects.toMatchObject({ code: 'NotImplemented' });
});

test('refuses by name a parameter that it does not know', async () => {
  const input = { TableName: 'items', Item: { id: { S: 'x' } }, Turbo: true };
  const put = dynamodb.cloud.call('dynamodb', 'PutItem', input, { kind: 'root', arn: '' });
  await expect(put).rejects.toMatchObject({ code: 'NotImplemented', message: expect.stringContaining('Turbo') });
});

test('keeps items with an empty key of an index out of the table', async () => {
  const Item = { id: { S: 'empty' }, at: { N: '1' }, state: { S: '' } };
  await expect(send(new PutItemCommand({ TableName: 'runs', Item }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('empty string value. IndexName: by-state, IndexKey: state'),
  });
  const Key = { id: { S: 'empty' }, at: { N: '1' } };
  const update = { UpdateExpression: 'SET #s = :s', ExpressionAttributeNames: { '#s': 'state' } };
  const ExpressionAttributeValues = { ':s': { S: '' } };
  await expect(
    send(new UpdateItemCommand({ TableName: 'runs', Key, ...update, ExpressionAttributeValues })),
  ).rejects.toThrow('attempted to update a secondary index key to a value that is not supported');
  expect((await send(new GetItemCommand({ TableName: 'runs', Key }))).Item).toBeUndefined();
});
