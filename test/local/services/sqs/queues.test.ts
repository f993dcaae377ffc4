import * as sdk from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from '../../../../local/clocks/manual.ts';
import { sqsCloud } from './sqs-cloud.ts';

describe('queues', () => {
  let clock: ManualClock;
  let sqs: Awaited<ReturnType<typeof sqsCloud>>;
  const create = async (QueueName: string, Attributes: Record<string, string> = {}) =>
    (await sqs.client.send(new sdk.CreateQueueCommand({ QueueName, Attributes }))).QueueUrl!;
  const attributes = async (QueueUrl: string) =>
    (await sqs.client.send(new sdk.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes!;
  const set = (QueueUrl: string, Attributes: Record<string, string>) =>
    sqs.client.send(new sdk.SetQueueAttributesCommand({ QueueUrl, Attributes }));
  const send = (QueueUrl: string, MessageBody: string) =>
    sqs.client.send(new sdk.SendMessageCommand({ QueueUrl, MessageBody }));
  const receive = async (QueueUrl: string) =>
    (await sqs.client.send(new sdk.ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))).Messages ?? [];
  const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

  beforeEach(async () => {
    clock = manualClock();
    sqs = await sqsCloud({ clock });
  });
  afterEach(() => sqs.close());

  it('leave their name taken for a minute', async () => {
    const QueueUrl = await create('work');
    await sqs.client.send(new sdk.DeleteQueueCommand({ QueueUrl }));
    await clock.advance(59_000);
    await expect(create('work')).rejects.toMatchObject({ name: 'QueueDeletedRecently' });
    await clock.advance(1000);
    expect(await create('work')).toBe(QueueUrl);
  });

  it('are made with the defaults of AWS and found by name', async () => {
    const QueueUrl = await create('work', { VisibilityTimeout: '60' });
    expect(QueueUrl).toBe(`${sqs.cloud.endpoint}/000000000000/work`);
    expect((await sqs.client.send(new sdk.GetQueueUrlCommand({ QueueName: 'work' }))).QueueUrl).toBe(QueueUrl);
    expect(await attributes(QueueUrl)).toMatchObject({
      QueueArn: arn('work'),
      VisibilityTimeout: '60',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      DelaySeconds: '0',
      ApproximateNumberOfMessages: '0',
    });
  });

  it('may be made again with the same attributes and not with others', async () => {
    const first = await create('work', { DelaySeconds: '5' });
    expect(await create('work', { DelaySeconds: '5' })).toBe(first);
    expect(await create('work')).toBe(first);
    await expect(create('work', { DelaySeconds: '6' })).rejects.toMatchObject({ name: 'QueueNameExists' });
  });

  it.each([
    ['a value out of range', 'work', { VisibilityTimeout: '43201' }, 'InvalidAttributeValue'],
    ['an unknown attribute', 'work', { Colour: 'red' }, 'InvalidAttributeName'],
    ['a FIFO attribute on a standard queue', 'work', { ContentBasedDeduplication: 'true' }, 'InvalidAttributeName'],
    ['a FIFO queue with another ending', 'work', { FifoQueue: 'true' }, 'InvalidParameterValue'],
    ['a name with a blank', 'no good', {}, 'InvalidParameterValue'],
    [
      'a dead-letter queue that is not there',
      'work',
      { RedrivePolicy: `{"deadLetterTargetArn":"${arn('none')}","maxReceiveCount":1}` },
      'InvalidAttributeValue',
    ],
  ])('are refused with %s', async (_, name, given, code) => {
    await expect(create(name, given)).rejects.toMatchObject({ name: code });
  });

  it('change their attributes and drop a policy that is set empty', async () => {
    const QueueUrl = await create('work');
    await set(QueueUrl, { Policy: '{"Statement":[]}', ReceiveMessageWaitTimeSeconds: '3' });
    expect(await attributes(QueueUrl)).toMatchObject({
      Policy: '{"Statement":[]}',
      ReceiveMessageWaitTimeSeconds: '3',
    });
    await set(QueueUrl, { Policy: '' });
    expect(await attributes(QueueUrl)).not.toHaveProperty('Policy');
  });

  it('are listed by prefix, page by page, and no more once deleted', async () => {
    for (const name of ['a-1', 'a-2', 'a-3', 'b']) await create(name);
    const first = await sqs.client.send(new sdk.ListQueuesCommand({ QueueNamePrefix: 'a-', MaxResults: 2 }));
    const NextToken = first.NextToken;
    const rest = await sqs.client.send(new sdk.ListQueuesCommand({ QueueNamePrefix: 'a-', MaxResults: 2, NextToken }));
    const names = [...first.QueueUrls!, ...rest.QueueUrls!].map((url) => url.split('/').at(-1));
    expect(names).toEqual(['a-1', 'a-2', 'a-3']);
    await sqs.client.send(new sdk.DeleteQueueCommand({ QueueUrl: first.QueueUrls![0]! }));
    await expect(send(first.QueueUrls![0]!, 'x')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  it('keep tags and permissions', async () => {
    const QueueUrl = await create('work');
    await sqs.client.send(new sdk.TagQueueCommand({ QueueUrl, Tags: { a: '1', b: '2' } }));
    await sqs.client.send(new sdk.UntagQueueCommand({ QueueUrl, TagKeys: ['a'] }));
    expect((await sqs.client.send(new sdk.ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ b: '2' });
    const grant = { QueueUrl, Label: 'them', AWSAccountIds: ['111122223333'], Actions: ['SendMessage'] };
    await sqs.client.send(new sdk.AddPermissionCommand(grant));
    expect(JSON.parse((await attributes(QueueUrl)).Policy!).Statement).toMatchObject([
      { Sid: 'them', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: ['SQS:SendMessage'] },
    ]);
    await sqs.client.send(new sdk.RemovePermissionCommand({ QueueUrl, Label: 'them' }));
    expect(await attributes(QueueUrl)).not.toHaveProperty('Policy');
  });

  it('are purged, once a minute', async () => {
    const QueueUrl = await create('work');
    await send(QueueUrl, 'x');
    await sqs.client.send(new sdk.PurgeQueueCommand({ QueueUrl }));
    expect(await receive(QueueUrl)).toHaveLength(0);
    const again = sqs.client.send(new sdk.PurgeQueueCommand({ QueueUrl }));
    await expect(again).rejects.toMatchObject({ name: 'PurgeQueueInProgress' });
    await clock.advance(60_000);
    await sqs.client.send(new sdk.PurgeQueueCommand({ QueueUrl }));
  });

  describe('with a dead-letter queue', () => {
    let work: string;
    let dead: string;
    beforeEach(async () => {
      dead = await create('dead');
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn('dead'), maxReceiveCount: 1 });
      work = await create('work', { RedrivePolicy });
      for (const body of ['1', '2', '3']) await send(work, body);
      await receive(work);
      await clock.advance(30_000);
      expect(await receive(work)).toHaveLength(0);
    });

    it('are listed as its sources', async () => {
      const { queueUrls } = await sqs.client.send(new sdk.ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
      expect(queueUrls).toEqual([work]);
    });

    it('get their messages back by a move task, as new ones', async () => {
      await sqs.client.send(new sdk.StartMessageMoveTaskCommand({ SourceArn: arn('dead') }));
      const { Results } = await sqs.client.send(new sdk.ListMessageMoveTasksCommand({ SourceArn: arn('dead') }));
      expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 3 }]);
      expect((await receive(work)).map(({ Body }) => Body)).toEqual(['1', '2', '3']);
      expect(await receive(dead)).toHaveLength(0);
    });

    it('get them back at the pace that was asked for, until cancelled', async () => {
      const { TaskHandle } = await sqs.client.send(
        new sdk.StartMessageMoveTaskCommand({ SourceArn: arn('dead'), MaxNumberOfMessagesPerSecond: 1 }),
      );
      await clock.advance(1_000);
      const cancelled = await sqs.client.send(new sdk.CancelMessageMoveTaskCommand({ TaskHandle }));
      expect(cancelled.ApproximateNumberOfMessagesMoved).toBe(2);
      await clock.advance(5_000);
      expect(await receive(work)).toHaveLength(2);
    });
  });

  it('refuse messages and batches beyond the limits of AWS', async () => {
    const QueueUrl = await create('work', { MaximumMessageSize: '1024' });
    await expect(send(QueueUrl, 'x'.repeat(1025))).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    const large = await create('large');
    await send(large, 'x'.repeat(1024 * 1024));
    const half = 'x'.repeat(600 * 1024);
    const batch = (Entries: { Id: string; MessageBody: string }[]) =>
      sqs.client.send(new sdk.SendMessageBatchCommand({ QueueUrl: large, Entries }));
    const both = [
      { Id: 'a', MessageBody: half },
      { Id: 'b', MessageBody: half },
    ];
    await expect(batch(both)).rejects.toMatchObject({ name: 'BatchRequestTooLong' });
    await expect(batch([])).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
    const same = [
      { Id: 'a', MessageBody: '1' },
      { Id: 'a', MessageBody: '2' },
    ];
    await expect(batch(same)).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinct' });
    const many = Array.from({ length: 11 }, (_, index) => ({ Id: `${index}`, MessageBody: 'x' }));
    await expect(batch(many)).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
  });

  it('answer 501 to a parameter that they would have to ignore', async () => {
    const QueueUrl = await create('work');
    const attempt = new sdk.ReceiveMessageCommand({ QueueUrl, ReceiveRequestAttemptId: 'x' });
    await expect(sqs.client.send(attempt)).rejects.toMatchObject({
      message: expect.stringContaining('ReceiveRequestAttemptId'),
    });
  });
});
