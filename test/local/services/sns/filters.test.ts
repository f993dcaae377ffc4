import {
  CreateTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud } from '../../../../local/cloud.ts';
import { root } from '../../../../local/iam/principals.ts';
import { createSns } from '../../../../local/services/sns/index.ts';
import { createSqs } from '../../../../local/services/sqs/index.ts';

const clock = manualClock();
const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:q';
let cloud: LocalCloud;
let client: SNSClient;
let TopicArn: string;
let SubscriptionArn: string;
let QueueUrl: string;
const send = (command: any): Promise<any> => client.send(command);
const subscribe = (Attributes: Record<string, string> = {}) =>
  send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
const set = (AttributeName: string, AttributeValue: string) =>
  send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));

beforeAll(async () => {
  cloud = await LocalCloud.start({ services: [createSqs, createSns], clock });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SNSClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  ({ QueueUrl } = await cloud.call('sqs', 'CreateQueue', { QueueName: 'q' }, root(cloud.accountId)));
  ({ TopicArn } = await send(new CreateTopicCommand({ Name: 't' })));
  ({ SubscriptionArn } = await subscribe());
});
afterAll(async () => {
  client.destroy();
  await cloud.close();
});

/** Whether a message arrives under a policy. */
async function passes(scope: string, policy: object, message: object): Promise<boolean> {
  await set('FilterPolicy', '{}');
  await set('FilterPolicyScope', scope);
  await set('FilterPolicy', JSON.stringify(policy));
  await send(new PublishCommand({ TopicArn, Message: 'x', ...message }));
  await clock.advance(0);
  const { Messages = [] } = await cloud.call('sqs', 'ReceiveMessage', { QueueUrl }, root(cloud.accountId));
  for (const { ReceiptHandle } of Messages)
    await cloud.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle }, root(cloud.accountId));
  return Messages.length === 1;
}

const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const number = (StringValue: string) => ({ DataType: 'Number', StringValue });
const list = (StringValue: string) => ({ DataType: 'String.Array', StringValue });

it.each<[object, object, boolean]>([
  [{ a: ['x', 'y'] }, { a: text('y') }, true],
  [{ a: ['x'] }, { a: text('X') }, false],
  [{ a: ['x'] }, {}, false],
  [{ a: ['x'], b: ['y'] }, { a: text('x'), b: text('y') }, true],
  [{ a: ['x'], b: ['y'] }, { a: text('x') }, false],
  [{ $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: text('y') }, true],
  [{ a: [{ prefix: 'or' }] }, { a: text('order') }, true],
  [{ a: [{ suffix: 'er' }] }, { a: text('order') }, true],
  [{ a: [{ 'equals-ignore-case': 'ORDER' }] }, { a: text('order') }, true],
  [{ a: [{ wildcard: 'o*r' }] }, { a: text('order') }, true],
  [{ a: [{ 'anything-but': ['x', 'y'] }] }, { a: text('z') }, true],
  [{ a: [{ 'anything-but': ['x', 'y'] }] }, { a: text('y') }, false],
  [{ a: [{ 'anything-but': ['x'] }] }, { b: text('z') }, false],
  [{ a: [{ 'anything-but': { prefix: 'or' } }] }, { a: text('order') }, false],
  [{ a: [{ exists: true }] }, { a: text('any') }, true],
  [{ a: [{ exists: false }] }, {}, true],
  [{ a: [{ exists: false }] }, { a: text('any') }, false],
  [{ a: [{ cidr: '10.0.0.0/24' }] }, { a: text('10.0.0.255') }, true],
  [{ a: [{ cidr: '10.0.0.0/24' }] }, { a: text('10.0.1.0') }, false],
  [{ n: [5] }, { n: number('5.0') }, true],
  [{ n: ['5'] }, { n: number('5') }, false],
  [{ n: [{ numeric: ['>', 1, '<=', 5] }] }, { n: number('5') }, true],
  [{ n: [{ numeric: ['>', 1, '<=', 5] }] }, { n: number('1') }, false],
  [{ n: [{ numeric: ['=', 3.015e2] }] }, { n: number('301.5') }, true],
  [{ l: ['x'] }, { l: list('["w","x"]') }, true],
  [{ l: [true] }, { l: list('["w",true]') }, true],
  [{ l: ['y'] }, { l: list('["w","x"]') }, false],
])('lets attributes through by %j: %j', async (policy, MessageAttributes, expected) => {
  expect(await passes('MessageAttributes', policy, { MessageAttributes })).toBe(expected);
});

it.each<[object, string, boolean]>([
  [{ run: { state: ['failed'] } }, '{"run":{"state":"failed","rows":0}}', true],
  [{ run: { state: ['failed'] } }, '{"run":[{"state":"done"},{"state":"failed"}]}', true],
  [{ run: { rows: [{ numeric: ['<', 10] }] } }, '{"run":{"rows":9}}', true],
  [{ run: [null] }, '{"run":null}', true],
  [{ run: [{ exists: false }] }, '{"walk":1}', true],
  [{ run: ['x'] }, 'no JSON', false],
  [{ run: ['x'] }, '["x"]', false],
])('lets bodies through by %j: %s', async (policy, Message, expected) => {
  expect(await passes('MessageBody', policy, { Message })).toBe(expected);
});

const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, ['v']]));
const values = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);

it.each<[string, object, string]>([
  ['what nests, of attributes', { a: { b: ['x'] } }, 'MessageAttributes does not support nested filter policy'],
  ['more than five keys', keys(6), 'can not have more than 5 keys'],
  ['too many combinations', { a: values(20), b: values(8) }, 'too complex'],
  ['a value that is no list', { a: 'x' }, 'must be an object or an array'],
])('refuses a policy with %s', async (_, policy, message) => {
  await set('FilterPolicy', '{}');
  await set('FilterPolicyScope', 'MessageAttributes');
  await expect(set('FilterPolicy', JSON.stringify(policy))).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining(message),
  });
});

it('takes back no scope that a policy needs', async () => {
  await set('FilterPolicy', '{}');
  await set('FilterPolicyScope', 'MessageBody');
  await set('FilterPolicy', '{"a":{"b":["x"]}}');
  await expect(set('FilterPolicyScope', 'MessageAttributes')).rejects.toThrow('nested');
  await set('FilterPolicy', JSON.stringify(keys(5)));
});

it.each<[string, string, string]>([
  ['an attribute that there is not', 'Colour', 'red'],
  ['raw delivery that is neither', 'RawMessageDelivery', 'maybe'],
  ['a dead-letter queue in words', 'RedrivePolicy', 'the other queue'],
  ['a FIFO queue for dead letters', 'RedrivePolicy', `{"deadLetterTargetArn":"${Endpoint}.fifo"}`],
  ['a scope that there is not', 'FilterPolicyScope', 'Subject'],
])('refuses %s', async (_, name, value) => {
  await expect(set(name, value)).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

it('subscribes an endpoint once, and not with other settings', async () => {
  expect((await subscribe()).SubscriptionArn).toBe(SubscriptionArn);
  await expect(subscribe({ RawMessageDelivery: 'true' })).rejects.toThrow('different attributes');
});

it('takes a subject in any script, of less than 100 characters, on one line', async () => {
  await send(new PublishCommand({ TopicArn, Message: 'x', Subject: 'Läufe ✓' }));
  for (const Subject of ['x'.repeat(100), 'two\nlines'])
    await expect(send(new PublishCommand({ TopicArn, Message: 'x', Subject }))).rejects.toThrow('Subject');
});

it.each<[string, { Id: string; Message: string }[], string]>([
  ['nothing', [], 'EmptyBatchRequestException'],
  ['more than ten entries', values(11).map((Id) => ({ Id, Message: 'x' })), 'TooManyEntriesInBatchRequestException'],
  ['one id twice', ['a', 'a'].map((Id) => ({ Id, Message: 'x' })), 'BatchEntryIdsNotDistinctException'],
  ['an id with a blank', [{ Id: 'a b', Message: 'x' }], 'InvalidBatchEntryIdException'],
  ['too much together', values(2).map((Id) => ({ Id, Message: 'x'.repeat(140_000) })), 'BatchRequestTooLongException'],
])('refuses a batch of %s', async (_, PublishBatchRequestEntries, name) => {
  await expect(send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }))).rejects.toMatchObject({ name });
});
