import { readFileSync, writeFileSync } from 'node:fs';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from '../../../../local/clocks/manual.ts';
import { eventually, type LambdaCloud, lambdaCloud } from './lambda-cloud.ts';

/** Appends a line for each invocation, so that what a handler got can be read while it still runs. */
const recording = (then = '') =>
  `require('fs').appendFileSync(process.env.RECORD, JSON.stringify(event) + '\\n'); ${then}`;

describe('event source mappings from SQS', () => {
  let clock: ManualClock;
  let lambda: LambdaCloud;
  let record: string;
  beforeEach(async () => {
    clock = manualClock();
    lambda = await lambdaCloud({ clock, batchesPerMapping: 2 });
    record = `${lambda.folder({ record: '' })}/record`;
  });
  afterEach(() => lambda.close());

  const invocations = () =>
    readFileSync(record, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).Records as any[]);
  const bodies = () => invocations().map((records) => records.map(({ body }) => body));

  async function queue(QueueName: string, Attributes = {}) {
    const { QueueUrl } = await lambda.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    return { url: QueueUrl!, arn: `arn:aws:sqs:us-east-1:000000000000:${QueueName}` };
  }

  async function map(
    EventSourceArn: string,
    source: string,
    settings: Partial<CreateEventSourceMappingCommandInput> = {},
  ) {
    await lambda.deploy('consumer', source, { Environment: { Variables: { RECORD: record } } });
    return lambda.client.send(
      new CreateEventSourceMappingCommand({ FunctionName: 'consumer', EventSourceArn, ...settings }),
    );
  }

  const send = (QueueUrl: string, ...texts: string[]) =>
    lambda.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: texts.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
      }),
    );

  async function left(QueueUrl: string) {
    const { Attributes } = await lambda.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    return Number(Attributes!.ApproximateNumberOfMessages) + Number(Attributes!.ApproximateNumberOfMessagesNotVisible);
  }

  it('hand messages to the function with the fields that Lambda gives, and delete them', async () => {
    const { url, arn } = await queue('work');
    const created = await map(arn, recording());
    expect(created).toMatchObject({
      BatchSize: 10,
      State: 'Creating',
      EventSourceArn: arn,
      $metadata: { httpStatusCode: 202 },
    });
    const { MessageId } = await lambda.sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: 'héllo',
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: 'a' },
          bytes: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2]) },
        },
      }),
    );
    await eventually(async () => (await left(url)) === 0);
    expect(invocations()).toEqual([
      [
        {
          messageId: MessageId,
          receiptHandle: expect.any(String),
          body: 'héllo',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: String(clock.now()),
            SenderId: expect.any(String),
            ApproximateFirstReceiveTimestamp: String(clock.now()),
          },
          messageAttributes: {
            kind: { stringValue: 'a', stringListValues: [], binaryListValues: [], dataType: 'String' },
            bytes: { binaryValue: 'AQI=', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
          },
          md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
          md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
          eventSource: 'aws:sqs',
          eventSourceARN: arn,
          awsRegion: 'us-east-1',
        },
      ],
    ]);
  });

  it('give back a failed batch when its visibility timeout is over', async () => {
    const { url, arn } = await queue('work');
    await map(
      arn,
      recording("if (event.Records[0].attributes.ApproximateReceiveCount === '1') throw new Error('first')"),
    );
    await send(url, 'again');
    await eventually(() => invocations().length === 1);
    await clock.advance(29_000);
    expect(invocations()).toHaveLength(1);
    await clock.advance(1_000);
    await eventually(async () => (await left(url)) === 0);
    expect(invocations().map(([message]) => message.attributes.ApproximateReceiveCount)).toEqual(['1', '2']);
  });

  it('give back only what a handler reports as failed', async () => {
    const { url, arn } = await queue('work');
    const source = recording(`return { batchItemFailures: event.Records
      .filter(({ body, attributes }) => body === 'bad' && attributes.ApproximateReceiveCount === '1')
      .map(({ messageId }) => ({ itemIdentifier: messageId })) }`);
    await map(arn, source, { FunctionResponseTypes: ['ReportBatchItemFailures'] });
    await send(url, 'good', 'bad', 'fine');
    await eventually(async () => (await left(url)) === 1);
    await clock.advance(30_000);
    await eventually(async () => (await left(url)) === 0);
    expect(bodies().flat().sort()).toEqual(['bad', 'bad', 'fine', 'good']);
  });

  it('run no more batches at once than their scaling allows', async () => {
    const { url, arn } = await queue('work');
    const untilOpen =
      "while (!require('fs').existsSync(process.env.RECORD + '.open')) await new Promise((r) => setTimeout(r, 5))";
    await map(arn, recording(untilOpen), { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 3 } });
    await send(url, '1', '2', '3', '4', '5', '6', '7');
    await eventually(() => invocations().length === 3);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(invocations()).toHaveLength(3);
    writeFileSync(`${record}.open`, '');
    await eventually(async () => (await left(url)) === 0);
    expect(invocations()).toHaveLength(7);
  });

  it('wait for a batching window, or until the batch is full', async () => {
    const { url, arn } = await queue('work', { VisibilityTimeout: '120' });
    await map(arn, recording(), { BatchSize: 25, MaximumBatchingWindowInSeconds: 60 });
    await send(url, 'a', 'b');
    await clock.advance(30_000);
    await send(url, 'c');
    await clock.advance(29_000);
    expect(invocations()).toHaveLength(0);
    await clock.advance(1_000);
    await eventually(() => invocations().length === 1);
    expect(bodies()[0]!.sort()).toEqual(['a', 'b', 'c']);
    for (let i = 0; i < 3; i++) await send(url, ...Array.from({ length: 10 }, (_, n) => `${i}${n}`));
    await eventually(() => invocations().length === 2);
    expect(bodies()[1]).toHaveLength(25);
  });

  it('delete what no filter wants', async () => {
    const { url, arn } = await queue('work');
    await map(arn, recording(), {
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["order"],"size":[{"numeric":[">",3]}]}}' }] },
    });
    await send(url, '{"kind":"order","size":5}', '{"kind":"order","size":1}', '{"kind":"other","size":5}', 'no json');
    await eventually(async () => (await left(url)) === 0);
    expect(bodies().flat()).toEqual(['{"kind":"order","size":5}']);
  });

  it('keep a batch that is throttled and try again', async () => {
    const { url, arn } = await queue('work');
    await map(arn, recording());
    const reserve = (ReservedConcurrentExecutions: number) =>
      lambda.client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'consumer', ReservedConcurrentExecutions }));
    await reserve(0);
    await send(url, 'patient');
    await clock.advance(1_000);
    expect(invocations()).toHaveLength(0);
    await reserve(1);
    await clock.advance(5_000);
    await eventually(async () => (await left(url)) === 0);
    expect(invocations()[0]![0].attributes.ApproximateReceiveCount).toBe('1');
  });

  it('send what failed too often to the dead-letter queue', async () => {
    const dead = await queue('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
    const { url, arn } = await queue('work', { RedrivePolicy, VisibilityTimeout: '10' });
    await map(arn, recording("throw new Error('poison')"));
    await send(url, 'poison');
    await eventually(() => invocations().length === 1);
    await clock.advance(10_000);
    await eventually(() => invocations().length === 2);
    await clock.advance(10_000);
    await eventually(async () => (await left(dead.url)) === 1);
    expect(invocations()).toHaveLength(2);
  });

  it('can be disabled, changed, listed and deleted', async () => {
    const { url, arn } = await queue('work');
    const { UUID } = await map(arn, recording(), { Enabled: false });
    await send(url, 'later');
    await clock.advance(1_000);
    expect(invocations()).toHaveLength(0);
    await lambda.client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true, BatchSize: 5 }));
    await eventually(async () => (await left(url)) === 0);
    const found = await lambda.client.send(new GetEventSourceMappingCommand({ UUID }));
    expect(found).toMatchObject({ State: 'Enabled', BatchSize: 5, LastModified: new Date(clock.now()) });
    const list = async () =>
      (await lambda.client.send(new ListEventSourceMappingsCommand({ FunctionName: 'consumer' }))).EventSourceMappings!;
    expect(await list()).toHaveLength(1);
    await lambda.client.send(new DeleteEventSourceMappingCommand({ UUID }));
    expect(await list()).toHaveLength(0);
    await send(url, 'never');
    await clock.advance(1_000);
    expect(invocations()).toHaveLength(1);
  });

  it.each([
    ['a batch over 10 without a window', { BatchSize: 11 }, 'InvalidParameterValueException'],
    ['a concurrency below 2', { ScalingConfig: { MaximumConcurrency: 1 } }, 'ValidationException'],
    ['a filter that is no JSON', { FilterCriteria: { Filters: [{ Pattern: 'x' }] } }, 'InvalidParameterValueException'],
    [
      'a pattern that is none',
      { FilterCriteria: { Filters: [{ Pattern: '{"body":5}' }] } },
      'InvalidParameterValueException',
    ],
    [
      'a queue that does not exist',
      { EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:no' },
      'InvalidParameterValueException',
    ],
  ])('refuse %s', async (_, settings, name) => {
    const { arn } = await queue('work');
    await expect(map(arn, 'return 1', settings)).rejects.toMatchObject({ name });
  });

  it('refuse a visibility timeout shorter than the function may run', async () => {
    const { arn } = await queue('work', { VisibilityTimeout: '2' });
    await expect(map(arn, 'return 1')).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds',
    });
  });

  it('refuse sources that are no queues by name, and a second mapping of the same pair', async () => {
    const { arn } = await queue('work');
    await expect(map('arn:aws:kinesis:us-east-1:000000000000:stream/s', 'return 1')).rejects.toMatchObject({
      message: 'local AWS does not support event source mappings from kinesis',
    });
    await lambda.client.send(new CreateEventSourceMappingCommand({ FunctionName: 'consumer', EventSourceArn: arn }));
    await expect(
      lambda.client.send(new CreateEventSourceMappingCommand({ FunctionName: 'consumer', EventSourceArn: arn })),
    ).rejects.toMatchObject({ name: 'ResourceConflictException' });
  });
});
