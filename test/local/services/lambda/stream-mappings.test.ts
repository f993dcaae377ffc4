import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ManualClock, manualClock } from '../../../../local/clocks/manual.ts';
import { createDynamodb } from '../../../../local/services/dynamodb/index.ts';
import { eventually, type LambdaCloud, lambdaCloud } from './lambda-cloud.ts';

describe('event source mappings from streams of tables', () => {
  let clock: ManualClock;
  let lambda: LambdaCloud;
  let folder: string;
  let record: string;
  let streamArn: string;
  let source: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stream-mappings-'));
    record = join(folder, 'record');
    clock = manualClock();
    await open();
    const { TableDescription } = await call('CreateTable', {
      TableName: 'rows',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    streamArn = TableDescription.LatestStreamArn;
  });
  afterEach(async () => {
    await lambda.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open() {
    lambda = await lambdaCloud({ clock, dataFolder: join(folder, 'data'), further: [createDynamodb] });
  }

  const call = (operation: string, input: object) => lambda.call(operation, input, 'dynamodb');
  const put = (...ids: string[]) => each(ids, (id) => call('PutItem', { TableName: 'rows', Item: { id: { S: id } } }));

  /** Handlers append what they get to a file, and then do what is given; `ids` are those of the records. */
  async function map(then = '', settings: Partial<CreateEventSourceMappingCommandInput> = {}) {
    source = `require('fs').appendFileSync(process.env.RECORD, JSON.stringify(event) + '\\n');
      const ids = event.Records.map(({ dynamodb }) => dynamodb.Keys.id.S); ${then}`;
    await lambda.deploy('consumer', source, { Environment: { Variables: { RECORD: record } } });
    return lambda.client.send(
      new CreateEventSourceMappingCommand({
        FunctionName: 'consumer',
        EventSourceArn: streamArn,
        StartingPosition: 'TRIM_HORIZON',
        ...settings,
      }),
    );
  }

  const invocations = (): any[][] =>
    existsSync(record)
      ? readFileSync(record, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line).Records)
      : [];
  const batches = () => invocations().map((records) => records.map(({ dynamodb }) => dynamodb.Keys.id.S).join(' '));
  const handled = (count: number) => eventually(() => invocations().length >= count);

  async function queue(QueueName: string) {
    await lambda.call('CreateQueue', { QueueName }, 'sqs');
    return `arn:aws:sqs:us-east-1:${lambda.cloud.accountId}:${QueueName}`;
  }

  async function messages(name: string): Promise<any[]> {
    const QueueUrl = `${lambda.cloud.endpoint}/${lambda.cloud.accountId}/${name}`;
    const { Messages = [] } = await lambda.call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }, 'sqs');
    return Messages.map(({ Body }: any) => JSON.parse(Body));
  }

  it('hand over every change in order, as Lambda shows them', async () => {
    await map();
    await put('a');
    await handled(1);
    await call('DeleteItem', { TableName: 'rows', Key: { id: { S: 'a' } } });
    await handled(2);
    const [[inserted], [removed]] = invocations() as [any[], any[]];
    expect(inserted).toMatchObject({
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      eventSourceARN: streamArn,
      awsRegion: 'us-east-1',
      dynamodb: {
        ApproximateCreationDateTime: clock.now() / 1000,
        Keys: { id: { S: 'a' } },
        NewImage: { id: { S: 'a' } },
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    });
    expect(removed).toMatchObject({ eventName: 'REMOVE', dynamodb: { OldImage: { id: { S: 'a' } } } });
    expect(removed.dynamodb.SequenceNumber > inserted.dynamodb.SequenceNumber).toBe(true);
  });

  it('tell of expired items that DynamoDB deleted them', async () => {
    const TimeToLiveSpecification = { AttributeName: 'until', Enabled: true };
    await call('UpdateTimeToLive', { TableName: 'rows', TimeToLiveSpecification });
    const until = { N: String(Math.floor(clock.now() / 1000) + 60) };
    await map('', { FilterCriteria: { Filters: [{ Pattern: '{"userIdentity":{"type":["Service"]}}' }] } });
    await call('PutItem', { TableName: 'rows', Item: { id: { S: 'short' }, until } });
    await clock.advance(61_000);
    await handled(1);
    expect(invocations()).toMatchObject([
      [{ eventName: 'REMOVE', userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }],
    ]);
  });

  it('begin at the oldest record or behind the latest one', async () => {
    await put('before');
    await map('', { StartingPosition: 'LATEST' });
    await put('after');
    await handled(1);
    expect(batches()).toEqual(['after']);
  });

  it('make batches of the size given', async () => {
    await put('a', 'b', 'c', 'd', 'e');
    await map('', { BatchSize: 2 });
    await handled(3);
    expect(batches()).toEqual(['a b', 'c d', 'e']);
  });

  it('gather records until the batching window is over', async () => {
    await map('', { MaximumBatchingWindowInSeconds: 10 });
    await put('a');
    await clock.advance(9_000);
    await put('b');
    await clock.advance(999);
    expect(batches()).toEqual([]);
    await clock.advance(1);
    await handled(1);
    expect(batches()).toEqual(['a b']);
  });

  it('ask for more four times a second where nobody drives the time', async () => {
    await lambda.close();
    clock = { ...clock, whenPassed: undefined };
    await open();
    await map();
    await put('a');
    await handled(1);
    await put('b', 'c');
    await clock.advance(249);
    expect(batches()).toEqual(['a']);
    await clock.advance(1);
    await handled(2);
    expect(batches()).toEqual(['a', 'b c']);
  });

  it('hand over only what a filter lets through, and go on behind the rest', async () => {
    await map('', {
      FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"Keys":{"id":{"S":[{"prefix":"x"}]}}}}' }] },
    });
    await put('a', 'x1', 'b', 'x2');
    await eventually(() => batches().join(' ') === 'x1 x2');
  });

  it('try a batch again and again, and nothing behind it, until it succeeds', async () => {
    await put('a');
    await map(
      `if (ids.includes('a') && !require('fs').existsSync(process.env.RECORD + '.good')) throw new Error('bad')`,
    );
    await handled(1);
    await put('b');
    await clock.advance(200);
    await handled(2);
    writeFileSync(`${record}.good`, '');
    await clock.advance(30_000);
    await handled(4);
    expect(batches().at(-1)).toBe('b');
    expect(
      batches()
        .slice(0, -1)
        .every((batch) => batch === 'a'),
    ).toBe(true);
  });

  it('give up after so many retries, telling the destination where the records stand', async () => {
    const Destination = await queue('discarded');
    await put('a', 'bad');
    await map(`if (ids.includes('bad')) throw new Error('bad')`, {
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination } },
    });
    await clock.advance(60_000);
    await put('c');
    await eventually(() => batches().at(-1) === 'c');
    expect(batches()).toEqual(['a bad', 'a bad', 'a bad', 'c']);
    const [told] = await messages('discarded');
    const [first, last] = invocations()[0]!.map(({ dynamodb }) => dynamodb.SequenceNumber);
    expect(told).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      DDBStreamBatchInfo: { startSequenceNumber: first, endSequenceNumber: last, batchSize: 2, streamArn },
    });
  });

  it('give up what has become too old', async () => {
    const Destination = await queue('discarded');
    await put('old');
    await map(`throw new Error('bad')`, {
      MaximumRecordAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination } },
    });
    await clock.advance(120_000);
    expect(await messages('discarded')).toMatchObject([{ requestContext: { condition: 'RecordAgeExceeded' } }]);
  });

  it('halve a batch that fails until the bad record stands alone, and warn with what the function said', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    await put('a', 'b', 'bad', 'd');
    await map(`if (ids.includes('bad')) throw new Error('bad')`, {
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 0,
    });
    await handled(5);
    expect(batches()).toEqual(['a b bad d', 'a b', 'bad d', 'bad', 'd']);
    expect(warn.mock.calls[0]![0]).toMatch(/:function:consumer: PROBLEM: Function call failed \(Error: bad\)$/);
    warn.mockRestore();
  });

  it('go on at the first record that the function says has failed', async () => {
    await put('a', 'b', 'c', 'd');
    await map(
      `const bad = event.Records.find(({ dynamodb }) => ['b', 'c'].includes(dynamodb.Keys.id.S) && ids.length > 2);
       return { batchItemFailures: bad ? [{ itemIdentifier: bad.dynamodb.SequenceNumber }] : [] };`,
      { FunctionResponseTypes: ['ReportBatchItemFailures'] },
    );
    await clock.advance(10_000);
    await handled(3);
    expect(batches()).toEqual(['a b c d', 'b c d', 'b c d'].slice(0, 2).concat(batches().slice(2)));
    expect(batches()[1]).toBe('b c d');
  });

  it('go on where they were after a restart, and after a change', async () => {
    const { UUID } = await map();
    await put('a');
    await handled(1);
    await eventually(async () => (await lambda.call('GetEventSourceMapping', { UUID })).LastProcessingResult === 'OK');
    await lambda.close();
    await open();
    await put('b');
    await handled(2);
    await lambda.client.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 1 }));
    await put('c', 'd');
    await handled(4);
    expect(batches()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('stop when they are deleted or switched off', async () => {
    const { UUID } = await map();
    await lambda.client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    await put('a');
    await clock.advance(1000);
    expect(batches()).toEqual([]);
    await lambda.client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    await handled(1);
    await lambda.client.send(new DeleteEventSourceMappingCommand({ UUID }));
    await put('b');
    await clock.advance(1000);
    expect(batches()).toEqual(['a']);
  });

  it('show their settings with the defaults of AWS', async () => {
    const { UUID } = await map();
    expect(await lambda.client.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
      BatchSize: 100,
      BisectBatchOnFunctionError: false,
      MaximumRecordAgeInSeconds: -1,
      MaximumRetryAttempts: -1,
      ParallelizationFactor: 1,
      StartingPosition: 'TRIM_HORIZON',
    });
  });

  it.each([
    [{ StartingPosition: undefined }, /TRIM_HORIZON or LATEST/],
    [{ BatchSize: 10_001 }, /batchSize/],
    [{ MaximumRecordAgeInSeconds: 59 }, /at least 60/],
    [{ ParallelizationFactor: 2 }, /ParallelizationFactor/],
    [{ TumblingWindowInSeconds: 30 }, /tumbling/],
    [{ ScalingConfig: { MaximumConcurrency: 2 } }, /ScalingConfig/],
    [{ EventSourceArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/rows/stream/x' }, /Cannot access stream/],
    [{ DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::bucket' } } }, /S3 buckets/],
  ])('are refused where AWS, or this machine, cannot have them: %j', async (settings: any, message) => {
    await expect(map('', settings)).rejects.toThrow(message);
  });
});

async function each<T>(values: readonly T[], work: (value: T) => Promise<unknown>): Promise<void> {
  for (const value of values) await work(value);
}
