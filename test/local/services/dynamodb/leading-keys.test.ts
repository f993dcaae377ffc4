import { expect, it } from 'vitest';
import { leadingKeys } from '../../../../local/services/dynamodb/leading-keys.ts';
import type { Table } from '../../../../local/services/dynamodb/tables.ts';

const table = {
  description: {
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [{ IndexName: 'by-owner', KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }] }],
  },
} as unknown as Table;
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'x' } });

it.each<[string, string, object, string[] | undefined]>([
  ['the key of a read', 'GetItem', { Key: key('a') }, ['a']],
  ['the item of a write', 'PutItem', { Item: { ...key('a'), more: { N: '1' } } }, ['a']],
  ['the keys of a batch read', 'BatchGetItem', { Keys: [key('a'), key('b')] }, ['a', 'b']],
  [
    'puts and deletes of a batch',
    'BatchWriteItem',
    [{ PutRequest: { Item: key('a') } }, { DeleteRequest: { Key: key('b') } }],
    ['a', 'b'],
  ],
  [
    'a query',
    'Query',
    {
      KeyConditionExpression: 'sk > :s AND pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'a' }, ':s': { S: 'z' } },
    },
    ['a'],
  ],
  [
    'a query by alias, written the other way round',
    'Query',
    {
      KeyConditionExpression: ':p = #k AND begins_with(sk, :s)',
      ExpressionAttributeNames: { '#k': 'pk' },
      ExpressionAttributeValues: { ':p': { N: '7' }, ':s': { S: 'z' } },
    },
    ['7'],
  ],
  [
    'a query of an index',
    'Query',
    { IndexName: 'by-owner', KeyConditionExpression: 'owner=:o', ExpressionAttributeValues: { ':o': { S: 'me' } } },
    ['me'],
  ],
  ['a query by the older conditions', 'Query', { KeyConditions: { pk: { AttributeValueList: [{ S: 'a' }] } } }, ['a']],
  ['a scan, which names none', 'Scan', {}, undefined],
  [
    'a name of which the key is the end',
    'Query',
    { KeyConditionExpression: 'mypk = :p', ExpressionAttributeValues: { ':p': { S: 'a' } } },
    undefined,
  ],
])('finds the partition keys of %s', (_name, operation, input, expected) => {
  expect(leadingKeys(table, operation, input)).toEqual(expected);
});
