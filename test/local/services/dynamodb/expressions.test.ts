import * as sdk from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud } from '../../../../local/cloud.ts';
import { createDynamodb } from '../../../../local/services/dynamodb/index.ts';

const TableName = 'rows';
let cloud: LocalCloud;
let client: sdk.DynamoDBClient;
const send = (command: any): Promise<any> => client.send(command);
const S = (text: string) => ({ S: text });
const N = (number: number) => ({ N: String(number) });
const key = (p: string, s: number) => ({ p: S(p), s: N(s) });

/** On demand, with an index of another key that holds one more attribute, and one of keys alone. */
beforeAll(async () => {
  cloud = await LocalCloud.start({ services: [createDynamodb], clock: manualClock() });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new sdk.DynamoDBClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  const index = (IndexName: string, Projection: sdk.Projection, range: sdk.KeySchemaElement[] = []) => ({
    IndexName,
    KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' as const }, ...range],
    Projection,
  });
  const range = { AttributeName: 's', KeyType: 'RANGE' as const };
  await send(
    new sdk.CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'p', AttributeType: 'S' },
        { AttributeName: 's', AttributeType: 'N' },
        { AttributeName: 'g', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'p', KeyType: 'HASH' }, range],
      GlobalSecondaryIndexes: [
        index('some', { ProjectionType: 'INCLUDE', NonKeyAttributes: ['v'] }, [range]),
        index('keys', { ProjectionType: 'KEYS_ONLY' }),
      ],
    }),
  );
  for (const p of ['a', 'b', 'c', 'd']) {
    const PutRequests = Array.from({ length: 10 }, (_, s) => ({
      PutRequest: { Item: { ...key(p, s), g: S(s % 2 ? 'odd' : 'even'), v: N(s * 10), w: S('x') } },
    }));
    await send(new sdk.BatchWriteItemCommand({ RequestItems: { [TableName]: PutRequests } }));
  }
});
afterAll(async () => {
  client.destroy();
  await cloud.close();
});

const query = (p: string, more: object = {}, values: object = {}) =>
  send(
    new sdk.QueryCommand({
      TableName,
      KeyConditionExpression: 'p = :p',
      ...more,
      ExpressionAttributeValues: { ':p': S(p), ...values },
    }),
  );
const byGroup = (more: object) =>
  send(
    new sdk.QueryCommand({
      TableName,
      KeyConditionExpression: 'g = :g',
      ExpressionAttributeValues: { ':g': S('odd') },
      ...more,
    }),
  );
const refused = (message: string) => ({ name: 'ValidationException', message: expect.stringContaining(message) });

test('counts what a filter leaves out into pages, which may be empty', async () => {
  const pages: any[] = [];
  let ExclusiveStartKey: object | undefined;
  do {
    const more = { FilterExpression: 'v > :v', Limit: 4, ExclusiveStartKey };
    const page = await query('a', more, { ':v': N(50) });
    pages.push([page.Count, page.ScannedCount]);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  expect(pages).toEqual([
    [0, 4],
    [2, 4],
    [2, 2],
  ]);
});

test('reads the segments of a parallel scan that together are the table', async () => {
  const TotalSegments = 4;
  const seen: string[] = [];
  for (let Segment = 0; Segment < TotalSegments; Segment++) {
    let ExclusiveStartKey: any;
    do {
      const page = await send(new sdk.ScanCommand({ TableName, Segment, TotalSegments, Limit: 3, ExclusiveStartKey }));
      seen.push(...page.Items.map(({ p, s }: any) => `${p.S}${s.N}`));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }
  expect(seen).toHaveLength(40);
  expect(new Set(seen).size).toBe(40);
});

test('gives an index what it holds and no more', async () => {
  const [some] = (await byGroup({ IndexName: 'some', Limit: 1 })).Items;
  expect(Object.keys(some).sort()).toEqual(['g', 'p', 's', 'v']);
  const { Items, LastEvaluatedKey } = await byGroup({ IndexName: 'keys', Limit: 1 });
  expect(Object.keys(Items[0]).sort()).toEqual(['g', 'p', 's']);
  expect(Object.keys(LastEvaluatedKey).sort()).toEqual(['g', 'p', 's']);
  expect((await byGroup({ IndexName: 'some', Select: 'COUNT' })).Count).toBe(20);
});

test.each<[string, () => Promise<any>, string]>([
  ['a consistent read of an index', () => byGroup({ IndexName: 'keys', ConsistentRead: true }), 'Consistent reads'],
  ['attributes that an index lacks', () => byGroup({ IndexName: 'keys', Select: 'ALL_ATTRIBUTES' }), 'ALL_ATTRIBUTES'],
  ['a page of nothing', () => query('a', { Limit: 0 }), 'greater than or equal to 1'],
  ['a filter by key', () => query('a', { FilterExpression: 's > :s' }, { ':s': N(1) }), 'non-primary key attributes'],
  ['an expression of over 4 KB', () => query('a', { ProjectionExpression: 'v'.repeat(4097) }), 'expression size: 4097'],
  [
    'more than 100 values in a list',
    () => {
      const names = Array.from({ length: 101 }, (_, index) => `:v${index}`);
      const FilterExpression = `NOT w IN (${names})`;
      return query('a', { FilterExpression }, Object.fromEntries(names.map((name) => [name, S(name)])));
    },
    'too many operands; number of operands: 101',
  ],
  ['a value that nothing uses', () => query('a', {}, { ':x': N(1) }), 'unused in expressions'],
  ['a start outside of the query', () => query('a', { ExclusiveStartKey: key('b', 1) }), 'starting key is outside'],
  [
    'a segment without their number',
    () => send(new sdk.ScanCommand({ TableName, Segment: 0 })),
    'The TotalSegments parameter is required',
  ],
  [
    'a segment beyond their number',
    () => send(new sdk.ScanCommand({ TableName, Segment: 2, TotalSegments: 2 })),
    'must be less than parameter TotalSegments',
  ],
])('refuses %s', async (_, read, message) => {
  await expect(read()).rejects.toMatchObject(refused(message));
});

const update = (s: number, UpdateExpression: string, values: object, more: object = {}) =>
  send(
    new sdk.UpdateItemCommand({
      ...{ TableName, Key: key('u', s), UpdateExpression, ExpressionAttributeValues: values as any },
      ...more,
    }),
  );

test('sets, adds, removes and deletes in one expression, and answers with what was asked for', async () => {
  const { Attributes } = await update(
    1,
    'SET #l = list_append(if_not_exists(#l, :none), :list), m = :map, v = if_not_exists(v, :zero) + :one REMOVE w ADD n :one, ss :set',
    {
      ':none': { L: [] },
      ':list': { L: [N(5)] },
      ':map': { M: { a: { L: [N(1), N(2)] } } },
      ':zero': N(0),
      ':one': N(1),
      ':set': { SS: ['x', 'y'] },
    },
    { ExpressionAttributeNames: { '#l': 'list' }, ReturnValues: 'ALL_NEW' },
  );
  expect(Attributes).toEqual({
    ...key('u', 1),
    list: { L: [N(5)] },
    m: { M: { a: { L: [N(1), N(2)] } } },
    v: N(1),
    n: N(1),
    ss: { SS: ['x', 'y'] },
  });
  const nested = { ':x': N(9), ':y': S('new'), ':all': { SS: ['x', 'y'] } };
  const second = await update(1, 'SET m.a[1] = :x, m.b = :y DELETE ss :all', nested, { ReturnValues: 'UPDATED_NEW' });
  expect(second.Attributes).toEqual({ m: { M: { a: { L: [N(9)] }, b: S('new') } } });
  const old = await update(1, 'SET v = v - :one', { ':one': N(1) }, { ReturnValues: 'UPDATED_OLD' });
  expect(old.Attributes).toEqual({ v: N(1) });
});

test.each<[string, string, object, string]>([
  ['paths that overlap', 'SET m = :x, m.a = :x', { ':x': N(1) }, 'overlap'],
  ['a path that leads nowhere', 'SET lost.a = :x', { ':x': N(1) }, 'document path'],
  ['a key', 'SET s = :x', { ':x': N(1) }, 'part of the key'],
  ['adding to what is no number', 'ADD g :x', { ':x': S('1') }, 'Incorrect operand type for operator or function'],
  ['a reserved word', 'SET name = :x', { ':x': N(1) }, 'reserved keyword'],
  ['another type for the key of an index', 'SET g = :x', { ':x': N(1) }, 'Type mismatch for Index Key g'],
])('refuses to update %s', async (_, expression, values, message) => {
  await expect(update(2, expression, values)).rejects.toMatchObject(refused(message));
});

test('gives the item that a failed condition has met, of each kind of write', async () => {
  const Key = key('c', 1);
  const fails = {
    TableName,
    ConditionExpression: 'v > :v',
    ExpressionAttributeValues: { ':v': N(1000) },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
  const met = { name: 'ConditionalCheckFailedException', Item: { ...Key, g: S('odd'), v: N(10), w: S('x') } };
  await expect(send(new sdk.PutItemCommand({ ...fails, Item: Key }))).rejects.toMatchObject(met);
  await expect(send(new sdk.DeleteItemCommand({ ...fails, Key }))).rejects.toMatchObject(met);
  await expect(send(new sdk.UpdateItemCommand({ ...fails, Key }))).rejects.toMatchObject(met);
});

test('says of every step why a transaction is cancelled', async () => {
  const Update = (s: number, UpdateExpression: string, value: object) => ({
    Update: { TableName, Key: key('c', s), UpdateExpression, ExpressionAttributeValues: { ':x': value } },
  });
  const TransactItems: any[] = [
    { Put: { TableName, Item: key('new', 1) } },
    Update(2, 'ADD w :x', N(1)),
    {
      Delete: {
        ...{ TableName, Key: key('c', 3), ConditionExpression: 'attribute_not_exists(p)' },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    { ConditionCheck: { TableName, Key: key('c', 4), ConditionExpression: 'attribute_exists(p)' } },
  ];
  await expect(send(new sdk.TransactWriteItemsCommand({ TransactItems }))).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    message: expect.stringContaining('[None, ValidationError, ConditionalCheckFailed, None]'),
    CancellationReasons: [
      { Code: 'None' },
      { Code: 'ValidationError', Message: expect.stringContaining('data type') },
      { Code: 'ConditionalCheckFailed', Item: { p: S('c'), s: N(3) } },
      { Code: 'None' },
    ],
  });
  expect((await send(new sdk.GetItemCommand({ TableName, Key: key('new', 1) }))).Item).toBeUndefined();
});

test('reads and writes no more than 4 MB in one transaction, and gives no more than 1 MB on a page', async () => {
  const large = (s: number) => ({ ...key('large', s), w: S('x'.repeat(380 * 1024)) });
  const eleven = Array.from({ length: 11 }, (_, s) => s);
  for (const s of eleven) await send(new sdk.PutItemCommand({ TableName, Item: large(s) }));
  const TransactItems = eleven.map((s) => ({ Get: { TableName, Key: key('large', s) } }));
  const limit = refused('cannot exceed 4MB');
  expect(
    (await send(new sdk.TransactGetItemsCommand({ TransactItems: TransactItems.slice(1) }))).Responses,
  ).toHaveLength(10);
  await expect(send(new sdk.TransactGetItemsCommand({ TransactItems }))).rejects.toMatchObject(limit);
  const puts = eleven.map((s) => ({ Put: { TableName, Item: large(s) } }));
  await expect(send(new sdk.TransactWriteItemsCommand({ TransactItems: puts }))).rejects.toMatchObject(limit);
  const page = await query('large', { Select: 'COUNT' });
  expect([page.Count, page.LastEvaluatedKey]).toEqual([3, key('large', 2)]);
});
