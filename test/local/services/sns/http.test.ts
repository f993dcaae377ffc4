import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud } from '../../../../local/cloud.ts';
import { root } from '../../../../local/iam/principals.ts';
import { createSns } from '../../../../local/services/sns/index.ts';
import { createSqs } from '../../../../local/services/sqs/index.ts';

const clock = manualClock();
let cloud: LocalCloud;
let client: SNSClient;
let server: Server;
let Endpoint: string;
/** What the endpoint answers to the next requests; 200 to all others. */
let answers: number[] = [];
const heard: { at: number; headers: any; body: string }[] = [];
const send = (command: any): Promise<any> => client.send(command);

beforeAll(async () => {
  cloud = await LocalCloud.start({ services: [createSqs, createSns], clock });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SNSClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  server = createServer(async (request, response) => {
    heard.push({ at: clock.now(), headers: request.headers, body: (await request.toArray()).join('') });
    response.writeHead(answers.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  await cloud.call('sqs', 'CreateQueue', { QueueName: 'dead' }, root(cloud.accountId));
});
afterAll(async () => {
  client.destroy();
  server.closeAllConnections();
  server.close();
  await cloud.close();
});
beforeEach(() => {
  heard.length = 0;
  answers = [];
});

/** A topic whose messages go to the endpoint, and at last to the dead-letter queue. */
async function subscribed(Name: string, Attributes: Record<string, string> = {}): Promise<string> {
  const { TopicArn } = await send(new CreateTopicCommand({ Name }));
  const RedrivePolicy = '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead"}';
  await send(
    new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint, Attributes: { RedrivePolicy, ...Attributes } }),
  );
  await send(new ConfirmSubscriptionCommand({ TopicArn, Token: JSON.parse(heard.pop()!.body).Token }));
  return TopicArn;
}

async function publish(TopicArn: string): Promise<number> {
  await send(new PublishCommand({ TopicArn, Message: 'hello', Subject: 'greeting' }));
  const begin = clock.now();
  await clock.advance(300_000);
  return begin;
}

async function deadLetters(): Promise<any[]> {
  const QueueUrl = `${cloud.endpoint}/000000000000/dead`;
  const { Messages = [] } = await cloud.call('sqs', 'ReceiveMessage', { QueueUrl }, root(cloud.accountId));
  for (const { ReceiptHandle } of Messages)
    await cloud.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle }, root(cloud.accountId));
  return Messages;
}

it('is sent the notification, or the bare text', async () => {
  const TopicArn = await subscribed('wrapped');
  await publish(TopicArn);
  expect(JSON.parse(heard[0]!.body)).toMatchObject({
    Type: 'Notification',
    TopicArn,
    Subject: 'greeting',
    Message: 'hello',
  });
  expect(heard[0]!.headers).toMatchObject({
    'x-amz-sns-message-type': 'Notification',
    'x-amz-sns-topic-arn': TopicArn,
  });
  await publish(await subscribed('bare', { RawMessageDelivery: 'true' }));
  expect(heard.at(-1)).toMatchObject({ body: 'hello', headers: { 'x-amz-sns-rawdelivery': 'true' } });
});

it('is tried again three times, twenty seconds apart, while it is in trouble', async () => {
  const TopicArn = await subscribed('trouble');
  answers = [500, 503, 429];
  const begin = await publish(TopicArn);
  expect(heard.map(({ at }) => (at - begin) / 1000)).toEqual([0, 20, 40, 60]);
  expect(await deadLetters()).toEqual([]);
});

it.each([
  ['has been in trouble too long', [500, 500, 500, 500], 4],
  ['will never take it', [404], 1],
])('leaves a message to the dead-letter queue where it %s', async (why, given, attempts) => {
  const TopicArn = await subscribed(`lost-${attempts}`);
  answers = [...given];
  await publish(TopicArn);
  expect([why, heard.length]).toEqual([why, attempts]);
  const [letter] = await deadLetters();
  expect(JSON.parse(letter.Body)).toMatchObject({ TopicArn, Message: 'hello' });
});

it('hears nothing before it has confirmed', async () => {
  const { TopicArn } = await send(new CreateTopicCommand({ Name: 'silent' }));
  const { SubscriptionArn } = await send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint }));
  expect(SubscriptionArn).toBe('pending confirmation');
  await publish(TopicArn);
  expect(heard.map(({ headers }) => headers['x-amz-sns-message-type'])).toEqual(['SubscriptionConfirmation']);
  await expect(send(new ConfirmSubscriptionCommand({ TopicArn, Token: 'guess' }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});
