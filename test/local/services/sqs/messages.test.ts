import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from '../../../../local/clocks/manual.ts';
import { sqsCloud } from './sqs-cloud.ts';

describe('messages of a standard queue', () => {
  let clock: ManualClock;
  let sqs: Awaited<ReturnType<typeof sqsCloud>>;
  let QueueUrl: string;
  const receive = async (options = {}) =>
    (await sqs.client.send(new ReceiveMessageCommand({ QueueUrl, ...options }))).Messages ?? [];
  const send = (MessageBody: string, options = {}) =>
    sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...options }));

  beforeEach(async () => {
    clock = manualClock();
    sqs = await sqsCloud({ clock });
    QueueUrl = (await sqs.client.send(new CreateQueueCommand({ QueueName: 'work' }))).QueueUrl!;
  });
  afterEach(() => sqs.close());

  it('gives back what was sent, with digests that the SDK verifies', async () => {
    await send('héllo', {
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'a' },
        bytes: { DataType: 'Binary.png', BinaryValue: new Uint8Array([1, 2, 255]) },
        size: { DataType: 'Number', StringValue: '12' },
      },
    });
    const [message] = await receive({ MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] });
    expect(message!.Body).toBe('héllo');
    expect(message!.MessageAttributes!.bytes!.BinaryValue).toEqual(new Uint8Array([1, 2, 255]));
    expect(message!.Attributes!.ApproximateReceiveCount).toBe('1');
    expect(message!.Attributes!.SentTimestamp).toBe(String(clock.now()));
  });

  it('hides a received message until its visibility timeout is over', async () => {
    await send('once');
    expect(await receive()).toHaveLength(1);
    expect(await receive()).toHaveLength(0);
    await clock.advance(30_000);
    const [again] = await receive({ AttributeNames: ['ApproximateReceiveCount'] });
    expect(again!.Attributes!.ApproximateReceiveCount).toBe('2');
  });

  it('deletes by the latest receipt handle only', async () => {
    await send('kept');
    const [first] = await receive();
    await clock.advance(30_000);
    const [second] = await receive();
    await sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first!.ReceiptHandle! }));
    await clock.advance(30_000);
    const [third] = await receive();
    expect(third!.MessageId).toBe(second!.MessageId);
    await sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: third!.ReceiptHandle! }));
    await clock.advance(30_000);
    expect(await receive()).toHaveLength(0);
  });

  it('returns a message at once when its visibility is set to 0', async () => {
    await send('again');
    const [message] = await receive();
    const change = { QueueUrl, ReceiptHandle: message!.ReceiptHandle!, VisibilityTimeout: 0 };
    await sqs.client.send(new ChangeMessageVisibilityCommand(change));
    expect(await receive()).toHaveLength(1);
  });

  it('delivers each message once to a receive with a visibility timeout of 0', async () => {
    await send('one');
    expect(await receive({ VisibilityTimeout: 0, MaxNumberOfMessages: 10 })).toHaveLength(1);
  });

  it('holds a delayed message back', async () => {
    await send('later', { DelaySeconds: 60 });
    expect(await receive()).toHaveLength(0);
    const { Attributes } = await sqs.client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes!.ApproximateNumberOfMessagesDelayed).toBe('1');
    await clock.advance(60_000);
    expect(await receive()).toHaveLength(1);
  });

  it('drops a message whose retention period is over', async () => {
    await send('old');
    await clock.advance(345_600_000);
    expect(await receive()).toHaveLength(0);
  });

  it('wakes a long poll when a message arrives, without time passing', async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await send('now');
    expect((await waiting)[0]!.Body).toBe('now');
  });

  it('wakes a long poll when a hidden message becomes visible', async () => {
    await send('hidden');
    await receive({ VisibilityTimeout: 5 });
    const waiting = receive({ WaitTimeSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await clock.advance(5_000);
    expect(await waiting).toHaveLength(1);
  });

  it('ends a long poll empty when its wait is over', async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await clock.advance(20_000);
    expect(await waiting).toHaveLength(0);
  });

  it('gives no message to a long poll whose caller has gone', async () => {
    const gone = new AbortController();
    const waiting = sqs.client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: gone.signal,
    });
    const failure = expect(waiting).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 20));
    gone.abort();
    await failure;
    await new Promise((resolve) => setTimeout(resolve, 20));
    await send('still here');
    expect(await receive()).toHaveLength(1);
  });

  it('moves a message to the dead-letter queue after the allowed receives', async () => {
    const dead = (await sqs.client.send(new CreateQueueCommand({ QueueName: 'dead' }))).QueueUrl!;
    const { Attributes } = await sqs.client.send(
      new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['QueueArn'] }),
    );
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes!.QueueArn, maxReceiveCount: 2 });
    QueueUrl = (await sqs.client.send(new CreateQueueCommand({ QueueName: 'fragile', Attributes: { RedrivePolicy } })))
      .QueueUrl!;
    await send('poison');
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await receive()).toHaveLength(1);
      await clock.advance(30_000);
    }
    expect(await receive()).toHaveLength(0);
    QueueUrl = dead;
    const [message] = await receive({ AttributeNames: ['All'] });
    expect(message!.Body).toBe('poison');
    expect(message!.Attributes!.DeadLetterQueueSourceArn).toMatch(/:fragile$/);
  });

  it('sends and deletes in batches, reporting each entry', async () => {
    const sent = await sqs.client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'a', MessageBody: '1' },
          { Id: 'b', MessageBody: 'bad \u0000' },
          { Id: 'c', MessageBody: '3' },
        ],
      }),
    );
    expect(sent.Successful!.map(({ Id }) => Id)).toEqual(['a', 'c']);
    expect(sent.Failed).toMatchObject([{ Id: 'b', SenderFault: true, Code: 'InvalidMessageContents' }]);
    const messages = await receive({ MaxNumberOfMessages: 10 });
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle: ReceiptHandle! }));
    const deleted = await sqs.client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    expect(deleted.Successful).toHaveLength(2);
  });

  it('answers in the shape of AWS where a queue does not exist', async () => {
    QueueUrl = QueueUrl.replace('work', 'nowhere');
    await expect(send('lost')).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
      $metadata: { httpStatusCode: 400 },
    });
  });
});
