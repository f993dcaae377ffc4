import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from '../../../../local/clocks/manual.ts';
import { sqsCloud } from './sqs-cloud.ts';

describe('messages of a FIFO queue', () => {
  let clock: ManualClock;
  let sqs: Awaited<ReturnType<typeof sqsCloud>>;
  let QueueUrl: string;
  const create = async (QueueName: string, Attributes: Record<string, string> = {}) =>
    (await sqs.client.send(new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: 'true', ...Attributes } })))
      .QueueUrl!;
  const send = (MessageBody: string, MessageGroupId: string, MessageDeduplicationId = MessageBody) =>
    sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId, MessageDeduplicationId }));
  const receive = async (MaxNumberOfMessages = 1, options = {}) =>
    (await sqs.client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages, ...options }))).Messages ?? [];
  const bodies = (messages: { Body?: string }[]) => messages.map(({ Body }) => Body);

  beforeEach(async () => {
    clock = manualClock();
    sqs = await sqsCloud({ clock });
    QueueUrl = await create('work.fifo');
  });
  afterEach(() => sqs.close());

  it('come in order within their group, several at a time', async () => {
    for (const body of ['a1', 'b1', 'a2', 'b2', 'a3']) await send(body, body[0]!);
    const got = bodies(await receive(10));
    expect(got.filter((body) => body!.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(got.filter((body) => body!.startsWith('b'))).toEqual(['b1', 'b2']);
  });

  it('lock their group while one is in flight, and no other group', async () => {
    for (const body of ['a1', 'a2', 'b1']) await send(body, body[0]!);
    const [first] = await receive();
    expect(first!.Body).toBe('a1');
    expect(bodies(await receive(10))).toEqual(['b1']);
    await sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first!.ReceiptHandle! }));
    expect(bodies(await receive(10))).toEqual(['a2']);
  });

  it('wake a long poll when their group opens', async () => {
    for (const body of ['a1', 'a2']) await send(body, 'a');
    const [first] = await receive();
    const waiting = receive(1, { WaitTimeSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first!.ReceiptHandle! }));
    expect(bodies(await waiting)).toEqual(['a2']);
  });

  it('come again in their order when their visibility is over', async () => {
    for (const body of ['a1', 'a2', 'a3']) await send(body, 'a');
    await receive(2);
    expect(await receive(10)).toHaveLength(0);
    await clock.advance(30_000);
    expect(bodies(await receive(10))).toEqual(['a1', 'a2', 'a3']);
  });

  it('are taken once in five minutes by their deduplication id', async () => {
    const first = await send('x', 'a', 'id');
    const second = await send('other', 'b', 'id');
    expect(second.MessageId).toBe(first.MessageId);
    expect(second.SequenceNumber).toBe(first.SequenceNumber);
    expect(await receive(10)).toHaveLength(1);
    await clock.advance(5 * 60_000);
    expect((await send('later', 'b', 'id')).MessageId).not.toBe(first.MessageId);
  });

  it('are told apart by content where the queue says so, else they must have an id', async () => {
    const noId = new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageGroupId: 'g' });
    await expect(sqs.client.send(noId)).rejects.toThrow('MessageDeduplicationId');
    QueueUrl = await create('content.fifo', { ContentBasedDeduplication: 'true' });
    const twice = new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageGroupId: 'g' });
    const first = await sqs.client.send(twice);
    expect((await sqs.client.send(new SendMessageCommand(twice.input))).MessageId).toBe(first.MessageId);
  });

  it('carry growing sequence numbers', async () => {
    const Entries = ['1', '2', '3'].map((Id) => ({
      Id,
      MessageBody: Id,
      MessageGroupId: Id,
      MessageDeduplicationId: Id,
    }));
    const { Successful } = await sqs.client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const numbers = Successful!.map(({ SequenceNumber }) => SequenceNumber!);
    expect([...numbers].sort()).toEqual(numbers);
    const [message] = await receive(1, { AttributeNames: ['All'] });
    expect(message!.Attributes).toMatchObject({
      SequenceNumber: numbers[0],
      MessageGroupId: '1',
      MessageDeduplicationId: '1',
    });
  });

  it('cannot be deleted by a receipt whose time is over', async () => {
    await send('x', 'a');
    const [message] = await receive();
    await clock.advance(30_000);
    const late = new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message!.ReceiptHandle! });
    await expect(sqs.client.send(late)).rejects.toThrow('expired');
  });

  it('move to a FIFO dead-letter queue and let the next one of the group through', async () => {
    await create('dead.fifo');
    const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead.fifo';
    QueueUrl = await create('fragile.fifo', {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }),
    });
    for (const body of ['poison', 'good']) await send(body, 'a');
    expect(bodies(await receive())).toEqual(['poison']);
    await clock.advance(30_000);
    expect(bodies(await receive())).toEqual(['good']);
    QueueUrl = QueueUrl.replace('fragile', 'dead');
    expect(bodies(await receive())).toEqual(['poison']);
  });
});
