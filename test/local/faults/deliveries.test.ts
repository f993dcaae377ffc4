import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { eventually } from '../services/lambda/lambda-cloud.ts';
import { type FaultCloud, faultCloud } from './fault-cloud.ts';

const folders: string[] = [];
let aws: FaultCloud;
beforeAll(async () => {
  aws = await faultCloud();
});
afterAll(async () => {
  await aws.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  aws.faults.clear();
  await aws.nextQueue();
});

const sentBy = (caller: string) => ({ service: 'sqs', operation: 'SendMessage', caller });
/** Receives until so many messages have come. */
async function arrivals(count: number): Promise<any[]> {
  const arrived: any[] = [];
  await eventually(async () => {
    await aws.clock.advance(1);
    arrived.push(...json(await aws.receive()));
    return arrived.length >= count;
  });
  return arrived;
}
const json = (messages: any[]) => messages.map(({ Body }) => JSON.parse(Body));

/** Lets everybody send to the queue. */
async function open(): Promise<void> {
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: aws.QueueArn }];
  const Attributes = { Policy: JSON.stringify({ Statement }) };
  await aws.call('sqs', 'SetQueueAttributes', { QueueUrl: aws.QueueUrl, Attributes });
}

it('of a topic come twice, as one message, and in another order', async () => {
  await open();
  const sns = new SNSClient(aws.access);
  const { TopicArn } = await aws.call('sns', 'CreateTopic', { Name: 't' });
  await aws.call('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: aws.QueueArn });
  aws.faults.add({ match: { ...sentBy('sns.amazonaws.com'), nth: 1 }, action: { type: 'duplicate' } });
  await sns.send(new PublishCommand({ TopicArn, Message: 'x' }));
  const arrived = await arrivals(2);
  expect(arrived[1].MessageId).toBe(arrived[0].MessageId);

  aws.faults.clear();
  aws.faults.add({ match: { ...sentBy('sns.amazonaws.com'), nth: 1 }, action: { type: 'reorder' } });
  for (const Message of ['first', 'second']) await sns.send(new PublishCommand({ TopicArn, Message }));
  const later = await arrivals(2);
  expect(later.map(({ Message }) => Message)).toEqual(['second', 'first']);
  sns.destroy();
});

it('of a bucket to its queue come twice, with one sequencer', async () => {
  await open();
  await aws.call('s3', 'CreateBucket', { Bucket: 'told' });
  const QueueConfigurations = [{ QueueArn: aws.QueueArn, Events: ['s3:ObjectCreated:*'] }];
  const NotificationConfiguration = { QueueConfigurations };
  await aws.call('s3', 'PutBucketNotificationConfiguration', { Bucket: 'told', NotificationConfiguration });
  await aws.receive();
  aws.faults.add({ match: sentBy('s3.amazonaws.com'), action: { type: 'duplicate' } });
  await aws.s3.send(new PutObjectCommand({ Bucket: 'told', Key: 'k', Body: 'x' }));
  const arrived = await arrivals(2);
  const [first, second] = arrived.map(({ Records }) => Records[0].s3.object.sequencer);
  expect(second).toBe(first);
});

/** A function that writes down its request ids and events. */
async function noting(FunctionName: string) {
  const folder = mkdtempSync(join(tmpdir(), 'delivery-test-'));
  folders.push(folder);
  const log = join(folder, 'log');
  writeFileSync(log, '');
  writeFileSync(
    join(folder, 'index.js'),
    `exports.handler = async (event, { awsRequestId }) =>
      require('fs').appendFileSync(${JSON.stringify(log)}, JSON.stringify({ id: awsRequestId, event }) + '\\n');`,
  );
  await aws.call('lambda', 'CreateFunction', {
    FunctionName,
    Role: `arn:aws:iam::${aws.cloud.accountId}:role/worker`,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { LocalPath: folder },
  });
  return (): any[] =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
}

it('of an asynchronous invocation come twice, under one request id, and in another order', async () => {
  const noted = await noting('twice');
  const removeDuplicates = aws.faults.add({
    match: { service: 'lambda', operation: 'Invoke' },
    action: { type: 'duplicate' },
  });
  const lambda = new LambdaClient(aws.access);
  const invoke = (Payload: string) =>
    lambda.send(new InvokeCommand({ FunctionName: 'twice', InvocationType: 'Event', Payload }));
  await invoke('0');
  await eventually(() => noted().length === 2);
  expect(noted()[1].id).toBe(noted()[0].id);
  removeDuplicates();

  await aws.call('lambda', 'PutFunctionConcurrency', { FunctionName: 'twice', ReservedConcurrentExecutions: 1 });
  aws.faults.add({ match: { service: 'lambda', operation: 'Invoke', nth: 1 }, action: { type: 'reorder' } });
  const waiting = invoke('1');
  const struck = aws.faults.log.length;
  await eventually(() => aws.faults.log.length > struck);
  await Promise.all([waiting, invoke('2')]);
  await eventually(async () => {
    await aws.clock.advance(1000);
    return noted().length === 4;
  });
  expect(noted().map(({ event }) => event)).toEqual([0, 0, 2, 1]);
  lambda.destroy();
});

it('of the stream of a table come twice, and never in another order', async () => {
  const noted = await noting('reader');
  const { TableDescription } = await aws.call('dynamodb', 'CreateTable', {
    TableName: 'rows',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
  });
  const match = { service: 'lambda', operation: 'StreamDelivery', resource: '*:function:reader' };
  aws.faults.add(
    { match, action: { type: 'reorder' } },
    { match: { ...match, nth: 1 }, action: { type: 'duplicate' } },
  );
  await aws.call('lambda', 'CreateEventSourceMapping', {
    FunctionName: 'reader',
    EventSourceArn: TableDescription.LatestStreamArn,
    StartingPosition: 'TRIM_HORIZON',
    BatchSize: 1,
  });
  for (const id of ['a', 'b']) await aws.call('dynamodb', 'PutItem', { TableName: 'rows', Item: { id: { S: id } } });
  await eventually(async () => {
    await aws.clock.advance(1000);
    return noted().length === 3;
  });
  expect(noted().map(({ event }) => event.Records[0].dynamodb.Keys.id.S)).toEqual(['a', 'a', 'b']);
  expect(new Set(noted().map(({ id }) => id)).size).toBe(3);
  await expect(aws.call('lambda', 'StreamDelivery', { FunctionName: 'reader' })).rejects.toMatchObject({
    statusCode: 501,
  });
});

it('of a rule to its targets, and of a bucket to its queue, come in another order', async () => {
  await open();
  const EventPattern = JSON.stringify({ source: ['shop'] });
  await aws.call('events', 'PutRule', { Name: 'sales', EventPattern });
  await aws.call('events', 'PutTargets', { Rule: 'sales', Targets: [{ Id: 'q', Arn: aws.QueueArn }] });
  aws.faults.add({ match: { ...sentBy('events.amazonaws.com'), nth: 1 }, action: { type: 'reorder' } });
  const Entries = ['first', 'second'].map((DetailType) => ({ Source: 'shop', DetailType, Detail: '{}' }));
  await aws.call('events', 'PutEvents', { Entries });
  expect((await arrivals(2)).map((event) => event['detail-type'])).toEqual(['second', 'first']);

  await aws.nextQueue();
  await open();
  await aws.call('s3', 'CreateBucket', { Bucket: 'swapped' });
  const QueueConfigurations = [{ QueueArn: aws.QueueArn, Events: ['s3:ObjectCreated:*'] }];
  const NotificationConfiguration = { QueueConfigurations };
  await aws.call('s3', 'PutBucketNotificationConfiguration', { Bucket: 'swapped', NotificationConfiguration });
  await aws.receive();
  aws.faults.add({ match: { ...sentBy('s3.amazonaws.com'), nth: 1 }, action: { type: 'reorder' } });
  for (const Key of ['first', 'second']) await aws.s3.send(new PutObjectCommand({ Bucket: 'swapped', Key, Body: 'x' }));
  expect((await arrivals(2)).map(({ Records }) => Records[0].s3.object.key)).toEqual(['second', 'first']);
});

it('of a FIFO queue come once and in order, whatever is asked', async () => {
  const Attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
  const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName: 'line.fifo', Attributes }));
  const receives = { service: 'sqs', operation: 'ReceiveMessage' };
  aws.faults.add({ match: receives, action: { type: 'reorder' } }, { match: receives, action: { type: 'duplicate' } });
  for (const MessageBody of ['a', 'b']) {
    await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: 'g' }));
  }
  const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
  const { Messages } = await aws.sqs.send(receive);
  expect(Messages!.map(({ Body }) => Body)).toEqual(['a', 'b']);
  expect((await aws.sqs.send(receive)).Messages).toBeUndefined();
});

it('of a topic to an endpoint come twice, and in another order', async () => {
  const heard: string[] = [];
  const tokens: string[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await request.toArray()).join(''));
    if (body.Token) tokens.push(body.Token);
    else heard.push(body.Message);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const Endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { TopicArn } = await aws.call('sns', 'CreateTopic', { Name: 'web' });
  await aws.call('sns', 'Subscribe', { TopicArn, Protocol: 'http', Endpoint });
  await aws.call('sns', 'ConfirmSubscription', { TopicArn, Token: tokens[0]! });
  const publish = (Message: string) => aws.call('sns', 'Publish', { TopicArn, Message });
  const match = { service: 'sns', operation: 'HttpDelivery', resource: TopicArn, nth: 1 };
  aws.faults.add({ match, action: { type: 'duplicate' } });
  await publish('x');
  await aws.clock.advance(1);
  expect(heard.splice(0)).toEqual(['x', 'x']);
  aws.faults.clear();
  aws.faults.add({ match, action: { type: 'reorder' } });
  for (const Message of ['first', 'second']) await publish(Message);
  await aws.clock.advance(1);
  expect(heard).toEqual(['second', 'first']);
  server.closeAllConnections();
  server.close();
  await expect(aws.call('sns', 'HttpDelivery', { TopicArn })).rejects.toMatchObject({ statusCode: 501 });
});
