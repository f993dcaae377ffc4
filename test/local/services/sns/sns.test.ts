import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AwsError } from '../../../../local/aws-error.ts';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud } from '../../../../local/cloud.ts';
import { createSns } from '../../../../local/services/sns/index.ts';
import { createSqs } from '../../../../local/services/sqs/index.ts';
import { type RecordedCall, recorder } from '../events/cloud.ts';

const root = { kind: 'root', arn: 'arn:aws:iam::000000000000:root' } as const;
const calls: RecordedCall[] = [];
let failures = 0;
let clock: ReturnType<typeof manualClock>;
let cloud: LocalCloud;
let client: SNSClient;
const send = (command: any): Promise<any> => client.send(command);

beforeEach(async () => {
  calls.length = 0;
  failures = 0;
  clock = manualClock();
  const lambda = recorder(calls, 'lambda', ['Invoke'], () => {
    if (failures-- > 0) throw new AwsError('ServiceException', 'not now', 500);
  });
  cloud = await LocalCloud.start({ services: [createSqs, createSns, lambda], clock });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SNSClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await cloud.close();
});

async function topic(Name = 'alarms'): Promise<string> {
  return (await send(new CreateTopicCommand({ Name }))).TopicArn;
}

/** A queue that is subscribed, and a way to read it. */
async function queue(TopicArn: string, name: string, Attributes: Record<string, string> = {}) {
  const { QueueUrl } = await cloud.call('sqs', 'CreateQueue', { QueueName: name }, root);
  const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${name}`;
  const { SubscriptionArn } = await send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
  return { SubscriptionArn, read: () => messages(QueueUrl) };
}

async function messages(QueueUrl: string): Promise<any[]> {
  await clock.advance(0);
  const input = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
  return (await cloud.call('sqs', 'ReceiveMessage', input, root)).Messages ?? [];
}

test('makes a topic once for its name, and forgets it when it is deleted', async () => {
  const arn = await topic();
  expect(arn).toBe('arn:aws:sns:us-east-1:000000000000:alarms');
  expect(await topic()).toBe(arn);
  expect((await send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn: arn }]);
  await send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: 'DisplayName', AttributeValue: 'A & <B>' }));
  const { Attributes } = await send(new GetTopicAttributesCommand({ TopicArn: arn }));
  expect(Attributes).toMatchObject({ DisplayName: 'A & <B>', Owner: '000000000000', SubscriptionsConfirmed: '0' });
  expect(JSON.parse(Attributes.Policy).Statement).toHaveLength(1);
  await send(new DeleteTopicCommand({ TopicArn: arn }));
  await expect(send(new GetTopicAttributesCommand({ TopicArn: arn }))).rejects.toMatchObject({
    name: 'NotFoundException',
    message: 'Topic does not exist',
  });
});

test('keeps the tags of a topic', async () => {
  const { TopicArn } = await send(new CreateTopicCommand({ Name: 'tagged', Tags: [{ Key: 'a', Value: 'b' }] }));
  expect((await send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }))).Tags).toEqual([
    { Key: 'a', Value: 'b' },
  ]);
});

test('gives queues the notification, or the bare text with its attributes', async () => {
  const TopicArn = await topic();
  const wrapped = await queue(TopicArn, 'wrapped');
  const raw = await queue(TopicArn, 'raw', { RawMessageDelivery: 'true' });
  const MessageAttributes = { level: { DataType: 'String', StringValue: 'high' } };
  const { MessageId } = await send(
    new PublishCommand({ TopicArn, Message: 'näht\r\n<&>', Subject: 'S', MessageAttributes }),
  );
  const [one] = await wrapped.read();
  expect(JSON.parse(one.Body)).toMatchObject({
    Type: 'Notification',
    MessageId,
    TopicArn,
    Subject: 'S',
    Message: 'näht\r\n<&>',
    Timestamp: '2026-01-01T00:00:00.000Z',
    MessageAttributes: { level: { Type: 'String', Value: 'high' } },
  });
  const [other] = await raw.read();
  expect(other.Body).toBe('näht\r\n<&>');
  expect(other.MessageAttributes.level.StringValue).toBe('high');
});

test('gives a function its event', async () => {
  const TopicArn = await topic();
  const Endpoint = 'arn:aws:lambda:us-east-1:000000000000:function:page';
  const { SubscriptionArn } = await send(new SubscribeCommand({ TopicArn, Protocol: 'lambda', Endpoint }));
  await send(new PublishCommand({ TopicArn, Message: 'wake up' }));
  await clock.advance(0);
  expect(calls[0]).toMatchObject({
    input: { FunctionName: Endpoint, InvocationType: 'Event' },
    principal: { arn: 'sns.amazonaws.com', sourceArn: TopicArn },
  });
  const [record] = JSON.parse(calls[0]!.input.Payload.toString()).Records;
  expect(record).toMatchObject({
    EventSource: 'aws:sns',
    EventSubscriptionArn: SubscriptionArn,
    Sns: { Message: 'wake up', Subject: null },
  });
});

test('tries again while a subscriber is in trouble', async () => {
  const TopicArn = await topic();
  await send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'lambda',
      Endpoint: 'arn:aws:lambda:us-east-1:000000000000:function:page',
    }),
  );
  failures = 7;
  await send(new PublishCommand({ TopicArn, Message: 'x' }));
  await clock.advance(60_000);
  expect(calls).toHaveLength(8);
});

test('sends what a subscriber will never take to the dead-letter queue', async () => {
  const TopicArn = await topic();
  const { QueueUrl } = await cloud.call('sqs', 'CreateQueue', { QueueName: 'dead' }, root);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead' });
  const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:missing';
  await send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes: { RedrivePolicy } }));
  await send(new PublishCommand({ TopicArn, Message: 'x' }));
  const [letter] = await messages(QueueUrl);
  expect(JSON.parse(letter.Body).Message).toBe('x');
});

test('filters by attributes', async () => {
  const TopicArn = await topic();
  const wanted = await queue(TopicArn, 'wanted', {
    FilterPolicy: JSON.stringify({ kind: [{ prefix: 'order' }], amount: [{ numeric: ['>', 5] }], tags: ['b'] }),
  });
  const publish = (kind: string, amount: string) =>
    send(
      new PublishCommand({
        TopicArn,
        Message: `${kind} ${amount}`,
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: kind },
          amount: { DataType: 'Number', StringValue: amount },
          tags: { DataType: 'String.Array', StringValue: '["a","b"]' },
        },
      }),
    );
  for (const [kind, amount] of [
    ['order-1', '6'],
    ['order-2', '5'],
    ['other', '7'],
  ] as const)
    await publish(kind, amount);
  expect((await wanted.read()).map((message) => JSON.parse(message.Body).Message)).toEqual(['order-1 6']);
});

test('filters by the body, and anew when the policy changes', async () => {
  const TopicArn = await topic();
  const attributes = { FilterPolicyScope: 'MessageBody', FilterPolicy: '{"run":{"state":["failed"]}}' };
  const { read, SubscriptionArn } = await queue(TopicArn, 'failed', { ...attributes, RawMessageDelivery: 'true' });
  for (const Message of ['{"run":{"state":"failed"}}', '{"run":{"state":"done"}}', 'no JSON']) {
    await send(new PublishCommand({ TopicArn, Message }));
  }
  expect((await read()).map((message) => message.Body)).toEqual(['{"run":{"state":"failed"}}']);
  await send(
    new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue: '{}' }),
  );
  await send(new PublishCommand({ TopicArn, Message: 'no JSON' }));
  expect((await read()).map((message) => message.Body)).toContain('no JSON');
});

test('refuses a filter policy that is none', async () => {
  const TopicArn = await topic();
  const Attributes = { FilterPolicy: '{"a":"b"}' };
  const subscription = send(
    new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:1:q', Attributes }),
  );
  await expect(subscription).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'Invalid parameter: FilterPolicy: "a" must be an object or an array',
  });
});

test('gives each protocol its own text', async () => {
  const TopicArn = await topic();
  const raw = await queue(TopicArn, 'raw', { RawMessageDelivery: 'true' });
  const Message = JSON.stringify({ default: 'for all', sqs: 'for queues' });
  await send(new PublishCommand({ TopicArn, Message, MessageStructure: 'json' }));
  expect((await raw.read())[0].Body).toBe('for queues');
});

test('publishes a batch, and fails a wrong entry alone', async () => {
  const TopicArn = await topic();
  const raw = await queue(TopicArn, 'raw', { RawMessageDelivery: 'true' });
  const PublishBatchRequestEntries = [
    { Id: 'a', Message: 'one' },
    { Id: 'b', Message: '' },
    { Id: 'c', Message: 'three' },
  ];
  const { Successful, Failed } = await send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
  expect([Successful.map((entry: any) => entry.Id), Failed.map((entry: any) => entry.Id)]).toEqual([['a', 'c'], ['b']]);
  expect((await raw.read()).map((message) => message.Body).sort()).toEqual(['one', 'three']);
});

test('refuses a message over 256 KB', async () => {
  const TopicArn = await topic();
  await expect(send(new PublishCommand({ TopicArn, Message: 'é'.repeat(140_000) }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'Invalid parameter: Message too long',
  });
});

test('lays mails to subscribers down in a folder, as if they had confirmed', async () => {
  const TopicArn = await topic();
  const subscribe = (Protocol: string, Endpoint: string) =>
    send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }));
  expect((await subscribe('email', 'a@example.com')).SubscriptionArn).toBe('pending confirmation');
  await subscribe('email-json', 'b@example.com');
  const { Subscriptions } = await send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  expect(Subscriptions[0]).toMatchObject({
    Endpoint: 'a@example.com',
    SubscriptionArn: expect.stringMatching(/^arn:/),
  });
  await send(new PublishCommand({ TopicArn, Subject: 'A run failed', Message: 'of no memory\né' }));
  await clock.advance(0);
  const { SentEmails } = await cloud.call('sns', 'ListSentEmails', {}, root);
  const [plain, json] = SentEmails.toSorted((a: any, b: any) => (a.To < b.To ? -1 : 1));
  expect(plain).toMatchObject({ TopicArn, To: 'a@example.com', Subject: 'A run failed' });
  const [head, body] = readFileSync(plain.File, 'utf8').split('\r\n\r\n');
  expect(head).toContain('To: a@example.com\r\nSubject: A run failed\r\nDate: Thu, 01 Jan 2026 00:00:00 +0000');
  expect(body).toBe('of no memory\r\né\r\n');
  expect(JSON.parse(readFileSync(json.File, 'utf8').split('\r\n\r\n')[1]!)).toMatchObject({ Subject: 'A run failed' });
});

test('ends a subscription', async () => {
  const TopicArn = await topic();
  const { read, SubscriptionArn } = await queue(TopicArn, 'q');
  expect((await send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes.PendingConfirmation).toBe(
    'false',
  );
  await send(new UnsubscribeCommand({ SubscriptionArn }));
  await send(new PublishCommand({ TopicArn, Message: 'x' }));
  expect(await read()).toEqual([]);
});

test('delivers to an endpoint on this machine once it has confirmed, and to no other', async () => {
  const TopicArn = await topic();
  const received: any[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      received.push({ type: request.headers['x-amz-sns-message-type'], ...JSON.parse(text) });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const Endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`;
    await send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint }));
    await send(new PublishCommand({ TopicArn, Message: 'too early' }));
    await send(new ConfirmSubscriptionCommand({ TopicArn, Token: received[0].Token }));
    await send(new PublishCommand({ TopicArn, Message: 'hello' }));
    await clock.advance(0);
    await expect.poll(() => received.map((one) => [one.type, one.Message])).toContainEqual(['Notification', 'hello']);
    expect(received).toHaveLength(2);
    const pigeon = send(new SubscribeCommand({ TopicArn, Protocol: 'pigeon', Endpoint: 'loft' }));
    await expect(pigeon).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid parameter: Does not support this protocol string: pigeon',
    });
    const far = send(new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint: 'https://example.com/in' }));
    await expect(far).rejects.toMatchObject({ name: 'NotImplemented' });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
