import { AwsError } from '../../../aws-error.ts';
import type { CallContext } from '../../../service.ts';
import { invalidValue } from '../errors.ts';
import type { Message, StoredAttribute } from '../message.ts';
import { attributesMd5, selectedAttributes } from '../message-attributes.ts';
import type { Queue } from '../queue.ts';
import { receiptHandle } from '../receipt.ts';
import { sequenceNumberOf } from './send-message.ts';

const mostInFlight = 120_000;

/** Takes messages off the queue, waiting as long as the call or the queue says. */
export async function receiveMessage(queue: Queue, input: any, context: CallContext) {
  const limit = inRange('MaxNumberOfMessages', input.MaxNumberOfMessages ?? 1, 1, 10);
  const waitSeconds = inRange(
    'WaitTimeSeconds',
    input.WaitTimeSeconds ?? queue.seconds('ReceiveMessageWaitTimeSeconds'),
    0,
    20,
  );
  const visibilitySeconds = inRange(
    'VisibilityTimeout',
    input.VisibilityTimeout ?? queue.seconds('VisibilityTimeout'),
    0,
    43200,
  );
  if (queue.messages.size >= mostInFlight && queue.count().inFlight >= mostInFlight) {
    throw new AwsError('OverLimit', `The maximum number of in flight messages is reached: ${mostInFlight}.`, 403);
  }
  const messages = await queue.receive({
    limit,
    visibilityTimeoutMilliseconds: visibilitySeconds * 1000,
    waitMilliseconds: waitSeconds * 1000,
    signal: context.signal,
  });
  if (messages.length === 0) return {};
  const system: string[] = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
  return { Messages: messages.map((message) => received(queue, message, system, input.MessageAttributeNames ?? [])) };
}

function received(queue: Queue, message: Message, system: readonly string[], wanted: readonly string[]) {
  const { content } = message;
  const attributes = selectedAttributes(content.attributes, wanted);
  const systemAttributes = selectedSystemAttributes(message, system);
  return {
    MessageId: content.id,
    ReceiptHandle: receiptHandle(queue, message),
    MD5OfBody: content.bodyMd5,
    Body: content.body,
    ...(systemAttributes && { Attributes: systemAttributes }),
    ...(attributes && {
      MD5OfMessageAttributes: attributesMd5(attributes),
      MessageAttributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, asSent(value)])),
    }),
  };
}

function asSent({ DataType, StringValue, BinaryValue }: StoredAttribute) {
  return BinaryValue === undefined
    ? { DataType, StringValue }
    : { DataType, BinaryValue: Buffer.from(BinaryValue, 'base64') };
}

function selectedSystemAttributes({ content, delivery }: Message, wanted: readonly string[]) {
  if (wanted.length === 0) return undefined;
  const all: Record<string, string | undefined> = {
    SenderId: content.senderId,
    SentTimestamp: String(content.sentAt),
    ApproximateReceiveCount: String(delivery.receiveCount),
    ApproximateFirstReceiveTimestamp: String(delivery.firstReceivedAt),
    MessageGroupId: content.groupId,
    MessageDeduplicationId: content.deduplicationId,
    SequenceNumber: content.deduplicationId && sequenceNumberOf(content),
    AWSTraceHeader: content.traceHeader,
    DeadLetterQueueSourceArn: content.deadLetterSource,
  };
  const chosen = Object.entries(all).filter(
    ([name, value]) => value !== undefined && (wanted.includes('All') || wanted.includes(name)),
  );
  return chosen.length === 0 ? undefined : Object.fromEntries(chosen);
}

function inRange(name: string, value: number, low: number, high: number): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw invalidValue(value, name, `Must be between ${low} and ${high}, if provided.`);
}
