import { CreateBucketCommand, PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../../../../local/iam/principals.ts';
import { s3Cloud } from './s3-cloud.ts';

let s3: Awaited<ReturnType<typeof s3Cloud>>;
beforeAll(async () => {
  s3 = await s3Cloud();
  await s3.client.send(new CreateBucketCommand({ Bucket: 'lake' }));
  await s3.cloud.call('sqs', 'CreateQueue', { QueueName: 'q' }, root('000000000000'));
});
afterAll(() => s3.close());

const QueueArn = 'arn:aws:sqs:us-east-1:000000000000:q';
const configure = (...QueueConfigurations: any[]) =>
  s3.client.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: 'lake',
      NotificationConfiguration: { QueueConfigurations },
    }),
  );
/** Who is told of `event` where keys begin and end so. */
const told = (event: string, prefix?: string, suffix?: string, more: object = {}) => {
  const rules = { ...(prefix !== undefined && { prefix }), ...(suffix !== undefined && { suffix }) };
  const FilterRules = Object.entries(rules).map(([Name, Value]) => ({ Name, Value }));
  return { QueueArn, Events: [event], Filter: { Key: { FilterRules } }, ...more };
};

it.each<[string, any[]]>([
  ['of events that exclude each other', [told('s3:ObjectCreated:*'), told('s3:ObjectRemoved:*')]],
  ['of kinds of one event', [told('s3:ObjectCreated:Put'), told('s3:ObjectCreated:Copy')]],
  ['by prefixes that exclude each other', [told('s3:ObjectCreated:*', 'a/'), told('s3:ObjectCreated:*', 'b/')]],
  [
    'by suffixes that exclude each other',
    [told('s3:ObjectCreated:*', 'a/', '.csv'), told('s3:ObjectCreated:*', 'a/b/', '.json')],
  ],
])('notifies two %s', async (_, configurations) => {
  await configure(...configurations);
});

it.each<[string, any[], string]>([
  ['two of one event', [told('s3:ObjectCreated:*'), told('s3:ObjectCreated:Put')], 'ambiguously defined'],
  [
    'two by prefixes of which one begins as the other',
    [told('s3:ObjectCreated:*', 'a'), told('s3:ObjectCreated:*', 'a/b')],
    'ambiguously',
  ],
  [
    'two by suffixes of which one ends as the other',
    [told('s3:ObjectCreated:*', 'a', '.gz'), told('s3:ObjectCreated:*', 'a', '.csv.gz')],
    'ambiguously',
  ],
  ['an event that there is not', [told('s3:ObjectRead:*')], "The event 's3:ObjectRead:*' is not supported"],
  [
    'two by one id',
    [told('s3:ObjectCreated:*', 'a', undefined, { Id: 'x' }), told('s3:ObjectCreated:*', 'b', undefined, { Id: 'x' })],
    'IDs must be unique',
  ],
  [
    'by the middle of keys',
    [{ QueueArn, Events: ['s3:ObjectCreated:*'], Filter: { Key: { FilterRules: [{ Name: 'infix', Value: 'x' }] } } }],
    'prefix or suffix',
  ],
])('refuses to notify %s', async (_, configurations, message) => {
  await expect(configure(...configurations)).rejects.toMatchObject({
    name: 'InvalidArgument',
    message: expect.stringContaining(message),
  });
});
