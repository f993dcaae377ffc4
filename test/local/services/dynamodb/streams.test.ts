import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  PutItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from 'vitest';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { root } from '../../../../local/iam/authorizer.ts';
import { createTable, startDynamodb } from './cloud.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const hour = 3_600_000;
const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' as const };

async function start(options: { clock?: ReturnType<typeof manualClock>; dataFolder?: string } = {}) {
  const clock = options.clock ?? manualClock();
  const dynamodb = await startDynamodb({ ...options, clock });
  const send = (command: any): Promise<any> => dynamodb.client.send(command);
  const call = (operation: string, input: object) =>
    dynamodb.cloud.call('dynamodb', operation, input, root('000000000000'));
  const iterator = async (StreamArn: string, ShardIteratorType = 'TRIM_HORIZON', more: object = {}) => {
    const { StreamDescription } = await call('DescribeStream', { StreamArn });
    const { ShardId } = StreamDescription.Shards[0];
    return (await call('GetShardIterator', { StreamArn, ShardId, ShardIteratorType, ...more })).ShardIterator as string;
  };
  return {
    ...dynamodb,
    clock,
    send,
    call,
    iterator,
    put: (id: string, more: object = {}) =>
      send(new PutItemCommand({ TableName: 'runs', Item: { id: { S: id }, ...(more as any) } })),
    streamArn: async () =>
      (await send(new DescribeTableCommand({ TableName: 'runs' }))).Table.LatestStreamArn as string,
    /** All records of a stream, page by page. */
    async records(StreamArn: string, Limit = 2): Promise<any[]> {
      const found: any[] = [];
      let ShardIterator: string | undefined = await iterator(StreamArn);
      for (;;) {
        const page: any = await call('GetRecords', { ShardIterator, Limit });
        found.push(...page.Records);
        ShardIterator = page.NextShardIterator;
        if (page.Records.length === 0 || ShardIterator === undefined) return found;
      }
    },
  };
}

async function started(options = {}) {
  const dynamodb = await start(options);
  stops.push(dynamodb.stop);
  return dynamodb;
}

const told = (records: any[]) => records.map(({ eventName, dynamodb }) => `${eventName} ${dynamodb.Keys.id.S}`);

test('records every change with its images, and none where nothing changed', async () => {
  const { client, send, put, streamArn, records } = await started();
  await createTable(client, 'runs', { StreamSpecification });
  await put('a', { n: { N: '1' } });
  await put('a', { n: { N: '2' } });
  await put('a', { n: { N: '2' } });
  await send(new DeleteItemCommand({ TableName: 'runs', Key: { id: { S: 'a' } } }));
  await send(new DeleteItemCommand({ TableName: 'runs', Key: { id: { S: 'missing' } } }));
  const found = await records(await streamArn());
  expect(told(found)).toEqual(['INSERT a', 'MODIFY a', 'REMOVE a']);
  expect(found[1]).toMatchObject({
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      OldImage: { id: { S: 'a' }, n: { N: '1' } },
      NewImage: { id: { S: 'a' }, n: { N: '2' } },
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  });
  const sequences = found.map(({ dynamodb }) => dynamodb.SequenceNumber);
  expect([...sequences].sort()).toEqual(sequences);
});

test('shows only what the view asks for', async () => {
  const { client, put, streamArn, records } = await started();
  await createTable(client, 'runs', { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } });
  await put('a', { n: { N: '1' } });
  const [record] = await records(await streamArn());
  expect(record.dynamodb.Keys).toEqual({ id: { S: 'a' } });
  expect([record.dynamodb.NewImage, record.dynamodb.OldImage]).toEqual([undefined, undefined]);
});

test('loses and repeats nothing to a reader beside many writers', async () => {
  const { client, put, streamArn, iterator, call } = await started();
  await createTable(client, 'runs', { StreamSpecification });
  const arn = await streamArn();
  const seen: string[] = [];
  let ShardIterator = await iterator(arn);
  const writing = Promise.all(Array.from({ length: 100 }, (_, n) => put(`item-${n}`)));
  for (let idle = 0; seen.length < 100 && idle < 10_000; idle++) {
    const page = await call('GetRecords', { ShardIterator });
    seen.push(...page.Records.map(({ dynamodb }: any) => dynamodb.Keys.id.S));
    ShardIterator = page.NextShardIterator;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writing;
  expect(new Set(seen).size).toBe(100);
  expect(seen).toHaveLength(100);
});

test('begins to read where it is told', async () => {
  const { client, put, streamArn, records, iterator, call } = await started();
  await createTable(client, 'runs', { StreamSpecification });
  for (const id of ['a', 'b', 'c']) await put(id);
  const arn = await streamArn();
  const SequenceNumber = (await records(arn))[1].dynamodb.SequenceNumber;
  const from = async (type: string, more = {}) =>
    told((await call('GetRecords', { ShardIterator: await iterator(arn, type, more) })).Records);
  expect(await from('AT_SEQUENCE_NUMBER', { SequenceNumber })).toEqual(['INSERT b', 'INSERT c']);
  expect(await from('AFTER_SEQUENCE_NUMBER', { SequenceNumber })).toEqual(['INSERT c']);
  const latest = await iterator(arn, 'LATEST');
  await put('d');
  expect(told((await call('GetRecords', { ShardIterator: latest })).Records)).toEqual(['INSERT d']);
});

test('says when an item went because its time was over', async () => {
  const { client, clock, send, put, streamArn, records } = await started();
  await createTable(client, 'runs', { StreamSpecification });
  await send(
    new UpdateTimeToLiveCommand({
      TableName: 'runs',
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' },
    }),
  );
  await put('a', { expires: { N: String(clock.now() / 1000 + 60) } });
  await clock.advance(60_000);
  const found = await records(await streamArn());
  expect(told(found)).toEqual(['INSERT a', 'REMOVE a']);
  expect(found[1].userIdentity).toEqual({ PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' });
});

test('forgets records after a day, and refuses an iterator after a quarter of an hour', async () => {
  const { client, clock, put, streamArn, records, iterator, call } = await started();
  await createTable(client, 'runs', { StreamSpecification });
  await put('old');
  const arn = await streamArn();
  const stale = await iterator(arn);
  await clock.advance(25 * hour);
  await expect(call('GetRecords', { ShardIterator: stale })).rejects.toMatchObject({
    name: 'ExpiredIteratorException',
  });
  await put('new');
  expect(told(await records(arn))).toEqual(['INSERT new']);
});

test('ends a stream that is turned off, and begins another', async () => {
  const { client, clock, send, put, streamArn, records, call, iterator } = await started();
  await createTable(client, 'runs', { StreamSpecification });
  const first = await streamArn();
  await put('a');
  await send(new UpdateTableCommand({ TableName: 'runs', StreamSpecification: { StreamEnabled: false } }));
  await put('unseen');
  await clock.advance(1000);
  await send(new UpdateTableCommand({ TableName: 'runs', StreamSpecification }));
  await put('b');
  const second = await streamArn();
  expect(second).not.toBe(first);
  expect([told(await records(first)), told(await records(second))]).toEqual([['INSERT a'], ['INSERT b']]);
  const { NextShardIterator } = await call('GetRecords', { ShardIterator: await iterator(first) });
  expect(NextShardIterator).toBeUndefined();
  expect((await call('DescribeStream', { StreamArn: first })).StreamDescription.StreamStatus).toBe('DISABLED');
  expect((await call('ListStreams', { TableName: 'runs' })).Streams).toHaveLength(2);
});

test('goes on after a restart where it was', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'penstock-streams-'));
  stops.push(() => rmSync(dataFolder, { recursive: true }));
  const clock = manualClock();
  const before = await start({ dataFolder, clock });
  await createTable(before.client, 'runs', { StreamSpecification });
  await before.send(
    new BatchWriteItemCommand({ RequestItems: { runs: [{ PutRequest: { Item: { id: { S: 'a' } } } }] } }),
  );
  await before.stop();
  const after = await started({ dataFolder, clock });
  await after.put('b');
  const found = await after.records(await after.streamArn());
  expect(told(found)).toEqual(['INSERT a', 'INSERT b']);
  expect(found[1].dynamodb.SequenceNumber > found[0].dynamodb.SequenceNumber).toBe(true);
});
