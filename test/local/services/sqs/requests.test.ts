import * as sdk from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { sqsCloud } from './sqs-cloud.ts';

const clock = manualClock();
let sqs: Awaited<ReturnType<typeof sqsCloud>>;
let queues = 0;
beforeAll(async () => {
  sqs = await sqsCloud({ clock });
});
afterAll(() => sqs.close());

const send = (command: any): Promise<any> => sqs.client.send(command);
const arn = (QueueUrl: string) => `arn:aws:sqs:us-east-1:000000000000:${QueueUrl.split('/').at(-1)}`;

async function create(Attributes: Record<string, string> = {}): Promise<string> {
  const QueueName = `q${queues++}${Attributes.FifoQueue ? '.fifo' : ''}`;
  return (await send(new sdk.CreateQueueCommand({ QueueName, Attributes }))).QueueUrl;
}

async function receive(QueueUrl: string, options: object = {}): Promise<any[]> {
  const { Messages = [] } = await send(
    new sdk.ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, AttributeNames: ['All'], ...options }),
  );
  return Messages;
}

const bodies = (messages: any[]) => messages.map(({ Body }) => Body);
const put = (QueueUrl: string, MessageBody: string, more: object = {}) =>
  send(new sdk.SendMessageCommand({ QueueUrl, MessageBody, ...more }));

it('keep the messages of one group of a batch in order, and lock the group as a whole', async () => {
  const QueueUrl = await create({ FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  const entry = (Id: string, MessageGroupId: string) => ({ Id, MessageBody: Id, MessageGroupId });
  const Entries = [entry('a1', 'a'), entry('b1', 'b'), entry('a2', 'a'), { Id: 'c', MessageBody: 'no group' }];
  const { Successful, Failed } = await send(new sdk.SendMessageBatchCommand({ QueueUrl, Entries }));
  expect(Successful.map(({ Id }: any) => Id)).toEqual(['a1', 'b1', 'a2']);
  expect(Failed).toMatchObject([{ Id: 'c', Code: 'MissingParameter', SenderFault: true }]);
  expect(bodies(await receive(QueueUrl, { MaxNumberOfMessages: 1 }))).toEqual(['a1']);
  expect(bodies(await receive(QueueUrl))).toEqual(['b1']);
});

it('tell deduplication ids apart by group where the queue says so', async () => {
  const QueueUrl = await create({ FifoQueue: 'true', DeduplicationScope: 'messageGroup' });
  for (const MessageGroupId of ['a', 'b', 'a'])
    await put(QueueUrl, MessageGroupId, { MessageGroupId, MessageDeduplicationId: 'same' });
  expect(bodies(await receive(QueueUrl)).sort()).toEqual(['a', 'b']);
});

it('remember a deduplication id for five minutes, though its message is long gone', async () => {
  const QueueUrl = await create({ FifoQueue: 'true' });
  const once = { MessageGroupId: 'g', MessageDeduplicationId: 'id' };
  await put(QueueUrl, 'x', once);
  const [{ ReceiptHandle }] = await receive(QueueUrl);
  await send(new sdk.DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  await clock.advance(299_000);
  await put(QueueUrl, 'x', once);
  expect(await receive(QueueUrl)).toEqual([]);
  await clock.advance(1000);
  await put(QueueUrl, 'x', once);
  expect(await receive(QueueUrl)).toHaveLength(1);
});

it('hold all messages of a queue with a delay back, those of FIFO queues, too', async () => {
  const QueueUrl = await create({ FifoQueue: 'true', DelaySeconds: '5', ContentBasedDeduplication: 'true' });
  await put(QueueUrl, 'later', { MessageGroupId: 'g' });
  expect(await receive(QueueUrl)).toEqual([]);
  await clock.advance(5000);
  expect(await receive(QueueUrl)).toHaveLength(1);
  await expect(put(QueueUrl, 'x', { MessageGroupId: 'g', DelaySeconds: 1 })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  });
});

it('wait as long as the queue says where the receiver says nothing, and give a message to one of two who wait', async () => {
  const QueueUrl = await create({ ReceiveMessageWaitTimeSeconds: '20' });
  const two = [receive(QueueUrl), receive(QueueUrl)];
  await put(QueueUrl, 'one');
  const first = await Promise.race(two);
  expect(bodies(first)).toEqual(['one']);
  await clock.advance(20_000);
  expect((await Promise.all(two)).flat()).toHaveLength(1);
  expect(await receive(QueueUrl, { WaitTimeSeconds: 0 })).toEqual([]);
});

it('give a long poll what another receiver has let go meanwhile', async () => {
  const QueueUrl = await create();
  await put(QueueUrl, 'x');
  const [{ ReceiptHandle }] = await receive(QueueUrl);
  const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 });
  await clock.advance(10);
  await send(new sdk.ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  const [again] = await waiting;
  expect(again.Attributes.ApproximateReceiveCount).toBe('2');
});

it('hide a message for twelve hours in all', async () => {
  const QueueUrl = await create();
  await put(QueueUrl, 'x');
  const [{ ReceiptHandle }] = await receive(QueueUrl, { VisibilityTimeout: 3600 });
  const change = (VisibilityTimeout: number) =>
    send(new sdk.ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
  await clock.advance(1_800_000);
  await expect(change(43_200)).rejects.toThrow('beyond the limit');
  await change(41_000);
  await clock.advance(41_000_000);
  await expect(change(1)).rejects.toMatchObject({ name: 'MessageNotInflight' });
});

it('settle each entry of a batch alone', async () => {
  const QueueUrl = await create();
  for (const body of ['1', '2']) await put(QueueUrl, body);
  const handles = (await receive(QueueUrl)).map(({ ReceiptHandle }) => ReceiptHandle);
  const Entries = [...handles, 'none'].map((ReceiptHandle, Id) => ({ Id: String(Id), ReceiptHandle }));
  const shown = await send(
    new sdk.ChangeMessageVisibilityBatchCommand({
      QueueUrl,
      Entries: Entries.map((entry, index) => ({ ...entry, VisibilityTimeout: index === 0 ? 0 : 43_201 })),
    }),
  );
  expect([shown.Successful, shown.Failed.map(({ Code }: any) => Code)]).toEqual([
    [{ Id: '0' }],
    ['InvalidParameterValue', 'InvalidParameterValue'],
  ]);
  const deleted = await send(new sdk.DeleteMessageBatchCommand({ QueueUrl, Entries }));
  expect(deleted.Successful.map(({ Id }: any) => Id)).toEqual(['0', '1']);
  expect(deleted.Failed).toMatchObject([{ Id: '2', Code: 'ReceiptHandleIsInvalid' }]);
});

it('fail a message with a wrong attribute alone, and count attributes into sizes', async () => {
  const QueueUrl = await create({ MaximumMessageSize: '1024' });
  const attribute = (DataType: string, StringValue: string) => ({
    MessageAttributes: { a: { DataType, StringValue } },
  });
  const Entries = [
    { Id: 'good', MessageBody: 'x', ...attribute('Number.int', '1e3') },
    { Id: 'type', MessageBody: 'x', ...attribute('Text', 'v') },
    { Id: 'number', MessageBody: 'x', ...attribute('Number', 'one') },
    { Id: 'long', MessageBody: 'x'.repeat(1000), ...attribute('String', 'v'.repeat(20)) },
  ];
  const { Successful, Failed } = await send(new sdk.SendMessageBatchCommand({ QueueUrl, Entries }));
  expect(Successful.map(({ Id }: any) => Id)).toEqual(['good']);
  expect(Failed.map(({ Id, Code }: any) => [Id, Code])).toEqual([
    ['type', 'InvalidParameterValue'],
    ['number', 'InvalidParameterValue'],
    ['long', 'InvalidParameterValue'],
  ]);
});

it('give the attributes that are asked for, by prefix, too', async () => {
  const QueueUrl = await create();
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  await put(QueueUrl, 'x', {
    MessageAttributes: { 'run.id': text('1'), 'run.part': text('2'), other: text('3') },
    MessageSystemAttributes: { AWSTraceHeader: text('Root=1') },
  });
  const [message] = await receive(QueueUrl, {
    AttributeNames: ['AWSTraceHeader'],
    MessageAttributeNames: ['run.*'],
    VisibilityTimeout: 0,
  });
  expect(Object.keys(message.MessageAttributes)).toEqual(['run.id', 'run.part']);
  expect(message.Attributes).toEqual({ AWSTraceHeader: 'Root=1' });
  expect((await receive(QueueUrl, { AttributeNames: [] }))[0]).not.toHaveProperty('MessageAttributes');
});

it('let only those fail over to a queue whom it allows', async () => {
  const source = await create();
  const allow = (policy: object) => create({ RedriveAllowPolicy: JSON.stringify(policy) });
  const failOver = async (to: string) => {
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn(to), maxReceiveCount: '2' });
    await send(new sdk.SetQueueAttributesCommand({ QueueUrl: source, Attributes: { RedrivePolicy } }));
  };
  const refused = { name: 'InvalidAttributeValue' };
  await expect(failOver(await allow({ redrivePermission: 'denyAll' }))).rejects.toMatchObject(refused);
  const other = { redrivePermission: 'byQueue', sourceQueueArns: [arn('/other')] };
  await expect(failOver(await allow(other))).rejects.toMatchObject(refused);
  await failOver(await allow({ redrivePermission: 'byQueue', sourceQueueArns: [arn(source)] }));
  for (const policy of [
    { redrivePermission: 'some' },
    { redrivePermission: 'byQueue' },
    { redrivePermission: 'byQueue', sourceQueueArns: Array.from({ length: 11 }, () => arn(source)) },
    { redrivePermission: 'allowAll', sourceQueueArns: [arn(source)] },
  ])
    await expect(allow(policy)).rejects.toMatchObject(refused);
  await expect(failOver(await create({ FifoQueue: 'true' }))).rejects.toMatchObject(refused);
});

it('move what a dead-letter queue has to another one, and one task at a time', async () => {
  const dead = await create();
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn(dead), maxReceiveCount: 1 });
  const work = await create({ RedrivePolicy });
  const other = await create();
  for (const body of ['1', '2']) await put(dead, body);
  const start = (more: object) => send(new sdk.StartMessageMoveTaskCommand({ SourceArn: arn(dead), ...more }));
  await expect(start({ DestinationArn: arn('/none') })).rejects.toThrow('DestinationArn');
  await expect(start({ MaxNumberOfMessagesPerSecond: 501 })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  await expect(send(new sdk.StartMessageMoveTaskCommand({ SourceArn: arn(work) }))).rejects.toThrow(
    'Dead Letter Queue',
  );
  const { TaskHandle } = await start({ DestinationArn: arn(other), MaxNumberOfMessagesPerSecond: 1 });
  await expect(start({})).rejects.toThrow('already a task running');
  await clock.advance(2000);
  const { Results } = await send(new sdk.ListMessageMoveTasksCommand({ SourceArn: arn(dead), MaxResults: 10 }));
  expect(Results).toMatchObject([
    { Status: 'COMPLETED', DestinationArn: arn(other), ApproximateNumberOfMessagesMoved: 2 },
  ]);
  await expect(send(new sdk.CancelMessageMoveTaskCommand({ TaskHandle }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  expect(bodies(await receive(other))).toEqual(['1', '2']);
  // Nobody knows where messages came from that were sent to the dead-letter queue itself.
  await put(dead, '3');
  await start({});
  const failed = await send(new sdk.ListMessageMoveTasksCommand({ SourceArn: arn(dead) }));
  expect(failed.Results).toMatchObject([{ Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' }]);
});
