import * as sdk from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../../../../local/iam/principals.ts';
import { createS3 } from '../../../../local/services/s3/index.ts';
import { createSqs } from '../../../../local/services/sqs/index.ts';
import { type RecordedCall, recorder } from '../events/cloud.ts';
import { s3Cloud } from './s3-cloud.ts';

const calls: RecordedCall[] = [];

let s3: Awaited<ReturnType<typeof s3Cloud>>;
beforeAll(async () => {
  const others = [recorder(calls, 'sns', ['Publish']), recorder(calls, 'lambda', ['Invoke'])];
  s3 = await s3Cloud({ services: [createS3, createSqs, ...others] });
  await s3.client.send(new sdk.CreateBucketCommand({ Bucket: 'lake' }));
  await s3.cloud.call('sqs', 'CreateQueue', { QueueName: 'q' }, root('000000000000'));
});
afterAll(() => s3.close());

const QueueArn = 'arn:aws:sqs:us-east-1:000000000000:q';
const configure = (...QueueConfigurations: any[]) =>
  s3.client.send(
    new sdk.PutBucketNotificationConfigurationCommand({
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

it('tells topics and functions what has happened, by the name of each event', async () => {
  const Bucket = 'told';
  const send = (command: any): Promise<any> => s3.client.send(command);
  await send(new sdk.CreateBucketCommand({ Bucket }));
  await send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:t';
  const LambdaFunctionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
  const NotificationConfiguration = {
    TopicConfigurations: [{ TopicArn, Events: ['s3:ObjectCreated:*' as const, 's3:ObjectTagging:*' as const] }],
    LambdaFunctionConfigurations: [{ LambdaFunctionArn, Events: ['s3:ObjectRemoved:*' as const] }],
  };
  await send(new sdk.PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  const { UploadId } = await send(new sdk.CreateMultipartUploadCommand({ Bucket, Key: 'c' }));
  const { ETag } = await send(new sdk.UploadPartCommand({ Bucket, Key: 'c', UploadId, PartNumber: 1, Body: 'x' }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  const { VersionId } = await send(new sdk.PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
  await send(new sdk.CopyObjectCommand({ Bucket, Key: 'b', CopySource: 'told/a' }));
  await send(new sdk.CompleteMultipartUploadCommand({ Bucket, Key: 'c', UploadId, MultipartUpload }));
  await send(new sdk.PutObjectTaggingCommand({ Bucket, Key: 'a', Tagging: { TagSet: [{ Key: 'k', Value: 'v' }] } }));
  await send(new sdk.DeleteObjectTaggingCommand({ Bucket, Key: 'a' }));
  await send(new sdk.DeleteObjectCommand({ Bucket, Key: 'a' }));
  await send(new sdk.DeleteObjectCommand({ Bucket, Key: 'a', VersionId }));

  const told = (operation: string, text: (input: any) => string) =>
    calls.filter((call) => call.operation === operation).map(({ input }) => JSON.parse(text(input)));
  const [test, ...published] = told('Publish', ({ Message }) => Message);
  expect(test).toMatchObject({ Event: 's3:TestEvent', Bucket });
  expect(published.map(({ Records }) => [Records[0].eventName, Records[0].s3.object.key])).toEqual([
    ['ObjectCreated:Put', 'a'],
    ['ObjectCreated:Copy', 'b'],
    ['ObjectCreated:CompleteMultipartUpload', 'c'],
    ['ObjectTagging:Put', 'a'],
    ['ObjectTagging:Delete', 'a'],
  ]);
  const invoked = told('Invoke', ({ Payload }) => Payload.toString());
  expect(invoked.map(({ Records }) => Records[0].eventName)).toEqual([
    'ObjectRemoved:DeleteMarkerCreated',
    'ObjectRemoved:Delete',
  ]);
  expect(invoked[1].Records[0].s3.object.versionId).toBe(VersionId);
  expect(calls.every(({ principal }) => principal.arn === 's3.amazonaws.com')).toBe(true);
  const sequencers = published.slice(0, 3).map(({ Records }) => Records[0].s3.object.sequencer);
  expect(sequencers).toEqual(sequencers.toSorted());
});
