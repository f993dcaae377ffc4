import { type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from 'vitest';
import { asItem, DynamodbTable } from '../../lib/aws/dynamodb-table.ts';
import { memoryPorts } from '../fixtures/ports/memory-ports.ts';

function tableWith(answer: (call: number, input: any) => unknown) {
  let calls = 0;
  const client = { send: async ({ input }: { input: unknown }) => answer(calls++, input) };
  const table = new DynamodbTable(client as unknown as DynamoDBClient, 'runs', memoryPorts().clock);
  return { table, calls: () => calls };
}

const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({
    message: 'x',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

describe('a transaction', () => {
  test('that met another one is tried again', async () => {
    const { table, calls } = tableWith((call) => {
      if (call < 2) throw cancelled('None', 'TransactionConflict');
      return {};
    });
    expect(await table.transact([])).toEqual([]);
    expect(calls()).toBe(3);
  });

  test('says which of its conditions do not hold, and is not tried again', async () => {
    const { table, calls } = tableWith(() => {
      throw cancelled('ConditionalCheckFailed', 'None', 'ConditionalCheckFailed');
    });
    expect(await table.transact([])).toEqual([0, 2]);
    expect(calls()).toBe(1);
  });

  test('gives up for now where it meets others all the time', async () => {
    const { table } = tableWith(() => {
      throw cancelled('TransactionConflict');
    });
    await expect(table.transact([])).rejects.toMatchObject({ name: 'WriteConflictError' });
  });
});

test('keys that a throttled table left out are asked for again', async () => {
  const keys = Array.from({ length: 150 }, (_, n) => ({ pk: `p${n}`, sk: 's' }));
  const { table } = tableWith((call, { RequestItems }) => {
    const { Keys } = RequestItems.runs;
    const served = call % 2 === 0 ? Keys.slice(0, 60) : Keys;
    const left = Keys.slice(served.length);
    return { Responses: { runs: served }, UnprocessedKeys: left.length > 0 ? { runs: { Keys: left } } : {} };
  });
  const found = await table.getMany(keys);
  expect(found.map(({ pk }) => pk).sort()).toEqual(keys.map(({ pk }) => pk).sort());
});

test('columns are kept whatever they are called', () => {
  const columns = { constructor: { type: 'BIGINT' }, toString: 'VARCHAR', valueOf: ['BIGINT'], 'a"b': null };
  expect(unmarshall(asItem({ event: { columns } }))).toEqual({ event: { columns } });
});

test('a partition is read to its last page', async () => {
  const { table } = tableWith((call, { ExclusiveStartKey }) => ({
    Items: [marshall({ page: call, from: ExclusiveStartKey?.pk?.S ?? 'start' })],
    ...(call < 2 && { LastEvaluatedKey: marshall({ pk: `key-${call}` }) }),
  }));
  expect(await Array.fromAsync(table.under('RUN#a', 'LEDGER#'))).toEqual([
    { page: 0, from: 'start' },
    { page: 1, from: 'key-0' },
    { page: 2, from: 'key-1' },
  ]);
});
