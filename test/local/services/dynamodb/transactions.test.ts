import {
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTable, startDynamodb } from './cloud.ts';

let dynamodb: Awaited<ReturnType<typeof startDynamodb>>;
const send = (command: any): Promise<any> => dynamodb.client.send(command);
const item = async (id: string) =>
  (await send(new GetItemCommand({ TableName: 'ledger', Key: { id: { S: id } } }))).Item;
const put = (id: string, more: object = {}) => ({ Put: { TableName: 'ledger', Item: { id: { S: id } }, ...more } });

beforeAll(async () => {
  dynamodb = await startDynamodb();
  await createTable(dynamodb.client, 'ledger');
});
afterAll(() => dynamodb.stop());

test('writes all steps of a transaction', async () => {
  await send(new PutItemCommand({ TableName: 'ledger', Item: { id: { S: 'old' } } }));
  const update = {
    TableName: 'ledger',
    Key: { id: { S: 'total' } },
    UpdateExpression: 'ADD amount :n',
    ExpressionAttributeValues: { ':n': { N: '3' } },
  };
  const TransactItems = [
    put('new'),
    { Update: update },
    { Delete: { TableName: 'ledger', Key: { id: { S: 'old' } } } },
  ];
  await send(new TransactWriteItemsCommand({ TransactItems }));
  expect(await item('new')).toEqual({ id: { S: 'new' } });
  expect(await item('total')).toEqual({ id: { S: 'total' }, amount: { N: '3' } });
  expect(await item('old')).toBeUndefined();
});

test('writes nothing when one condition fails, and gives a reason for every step', async () => {
  await send(new PutItemCommand({ TableName: 'ledger', Item: { id: { S: 'taken' }, by: { S: 'me' } } }));
  const absent = {
    ConditionExpression: 'attribute_not_exists(id)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
  const TransactItems = [put('untouched'), put('taken', absent)];
  await expect(send(new TransactWriteItemsCommand({ TransactItems }))).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    message:
      'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
    CancellationReasons: [
      { Code: 'None' },
      {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: { id: { S: 'taken' }, by: { S: 'me' } },
      },
    ],
  });
  expect(await item('untouched')).toBeUndefined();
});

test('checks a condition on an item that it does not write', async () => {
  const ConditionCheck = {
    TableName: 'ledger',
    Key: { id: { S: 'lock' } },
    ConditionExpression: 'attribute_exists(id)',
  };
  const transaction = () =>
    send(new TransactWriteItemsCommand({ TransactItems: [{ ConditionCheck }, put('guarded')] }));
  await expect(transaction()).rejects.toMatchObject({ name: 'TransactionCanceledException' });
  await send(new PutItemCommand({ TableName: 'ledger', Item: { id: { S: 'lock' } } }));
  await transaction();
  expect(await item('guarded')).toEqual({ id: { S: 'guarded' } });
});

test('does a transaction once for its token, and refuses another one under the same token', async () => {
  const update = {
    TableName: 'ledger',
    Key: { id: { S: 'once' } },
    UpdateExpression: 'ADD amount :n',
    ExpressionAttributeValues: { ':n': { N: '1' } },
  };
  const once = new TransactWriteItemsCommand({ ClientRequestToken: 'token', TransactItems: [{ Update: update }] });
  await Promise.all([send(once), send(once), send(once)]);
  expect((await item('once'))?.amount).toEqual({ N: '1' });
  // What is not written again is read.
  const again = new TransactWriteItemsCommand({ ...once.input, ReturnConsumedCapacity: 'TOTAL' });
  expect((await send(again)).ConsumedCapacity).toEqual([
    { TableName: 'ledger', CapacityUnits: 2, ReadCapacityUnits: 2 },
  ]);
  const other = new TransactWriteItemsCommand({ ClientRequestToken: 'token', TransactItems: [put('other')] });
  await expect(send(other)).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
});

test('refuses two steps on one item', async () => {
  await expect(
    send(new TransactWriteItemsCommand({ TransactItems: [put('twice'), put('twice')] })),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Transaction request cannot include multiple operations on one item',
  });
});

test('never shows half of a transaction to a transactional read', async () => {
  const write = (n: number) =>
    send(
      new TransactWriteItemsCommand({
        TransactItems: ['left', 'right'].map((id) => put(id, { Item: { id: { S: id }, n: { N: String(n) } } })),
      }),
    );
  await write(0);
  const read = () =>
    send(
      new TransactGetItemsCommand({
        TransactItems: ['left', 'right'].map((id) => ({ Get: { TableName: 'ledger', Key: { id: { S: id } } } })),
      }),
    );
  const [, ...reads] = await Promise.all([
    (async () => {
      for (let n = 1; n <= 20; n++) await write(n);
    })(),
    ...Array.from({ length: 20 }, read),
  ]);
  for (const { Responses } of reads) expect(Responses[0].Item.n).toEqual(Responses[1].Item.n);
});
