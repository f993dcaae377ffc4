import { createHash, randomUUID } from 'node:crypto';
import { AwsError } from '../../../aws-error.ts';
import type { CallContext } from '../../../service.ts';
import type { Deduplication } from '../deduplication.ts';
import { invalidParameter, invalidValue, missingParameter } from '../errors.ts';
import type { MessageContent } from '../message.ts';
import { attributesMd5, attributesSize, storedAttributes } from '../message-attributes.ts';
import type { Queue } from '../queue.ts';

const forbiddenCharacters = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
const tokenRule = /^[!-~]{1,128}$/;

/** Checks one message and puts it into the queue. The answer is that of SendMessage and of one batch entry. */
export function sendMessage(queue: Queue, deduplication: Deduplication, input: any, context: CallContext, now: number) {
  const attributes = storedAttributes(input.MessageAttributes);
  checkBody(queue, input.MessageBody, attributesSize(attributes));
  const bodyMd5 = createHash('md5').update(input.MessageBody).digest('hex');
  const traceHeader = systemAttribute(input.MessageSystemAttributes);
  const fifo = queue.fifo ? fifoParameters(queue, input) : standardParameters(input);
  const answer = (id: string, sequenceNumber?: string) => ({
    MessageId: id,
    MD5OfMessageBody: bodyMd5,
    ...(attributes && { MD5OfMessageAttributes: attributesMd5(attributes) }),
    ...(traceHeader && {
      MD5OfMessageSystemAttributes: attributesMd5({ AWSTraceHeader: { DataType: 'String', StringValue: traceHeader } }),
    }),
    ...(sequenceNumber && { SequenceNumber: sequenceNumber }),
  });
  if (fifo.deduplicationId) {
    const earlier = deduplication.earlier(queue, fifo.groupId!, fifo.deduplicationId);
    if (earlier) return answer(earlier.id, earlier.sequenceNumber);
  }
  const delaySeconds = Number(input.DelaySeconds ?? queue.seconds('DelaySeconds'));
  const content: Omit<MessageContent, 'sequence'> = {
    id: randomUUID(),
    body: input.MessageBody,
    bodyMd5,
    sentAt: now,
    senderId: context.principal.arn,
    ...(attributes && { attributes }),
    ...(traceHeader && { traceHeader }),
    ...fifo,
  };
  const message = queue.add(content, { visibleAt: now + delaySeconds * 1000, receiveCount: 0 });
  const sequenceNumber = queue.fifo ? sequenceNumberOf(message.content) : undefined;
  if (fifo.deduplicationId) {
    deduplication.remember(queue, fifo.groupId!, fifo.deduplicationId, {
      id: content.id,
      sequenceNumber: sequenceNumber!,
      sentAt: now,
    });
  }
  return answer(content.id, sequenceNumber);
}

/** Twenty digits, growing with each message of the queue. */
export const sequenceNumberOf = (content: MessageContent) => `1${String(content.sequence).padStart(19, '0')}`;

function checkBody(queue: Queue, body: unknown, attributeBytes: number): void {
  if (typeof body !== 'string' || body === '') throw missingParameter('MessageBody');
  const limit = queue.seconds('MaximumMessageSize');
  if (Buffer.byteLength(body) + attributeBytes > limit) {
    throw invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`);
  }
  if (forbiddenCharacters.test(body)) {
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  }
}

function systemAttribute(attributes: Record<string, any> | undefined): string | undefined {
  for (const name of Object.keys(attributes ?? {})) {
    if (name !== 'AWSTraceHeader') throw invalidParameter(`Message system attribute name '${name}' is invalid.`);
  }
  return attributes?.AWSTraceHeader?.StringValue;
}

function standardParameters(input: any): { groupId?: string; deduplicationId?: undefined } {
  checkDelay(input.DelaySeconds);
  if (input.MessageDeduplicationId !== undefined) {
    throw invalidValue(
      input.MessageDeduplicationId,
      'MessageDeduplicationId',
      'The request includes a parameter that is not valid for this queue type.',
    );
  }
  if (input.MessageGroupId === undefined) return {};
  return { groupId: token('MessageGroupId', input.MessageGroupId) };
}

function fifoParameters(queue: Queue, input: any): { groupId: string; deduplicationId: string } {
  if (input.DelaySeconds !== undefined && input.DelaySeconds !== 0) {
    throw invalidValue(
      input.DelaySeconds,
      'DelaySeconds',
      'The request include parameter that is not valid for this queue type.',
    );
  }
  if (input.MessageGroupId === undefined) throw missingParameter('MessageGroupId');
  const groupId = token('MessageGroupId', input.MessageGroupId);
  if (input.MessageDeduplicationId !== undefined) {
    return { groupId, deduplicationId: token('MessageDeduplicationId', input.MessageDeduplicationId) };
  }
  if (queue.record.attributes.ContentBasedDeduplication !== 'true') {
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return { groupId, deduplicationId: createHash('sha256').update(input.MessageBody).digest('hex') };
}

function checkDelay(seconds: unknown): void {
  if (seconds === undefined) return;
  if (!Number.isInteger(seconds) || Number(seconds) < 0 || Number(seconds) > 900) {
    throw invalidValue(seconds, 'DelaySeconds', 'DelaySeconds must be >= 0 and <= 900.');
  }
}

function token(name: string, value: unknown): string {
  if (typeof value === 'string' && tokenRule.test(value)) return value;
  throw invalidValue(
    value,
    name,
    `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length`,
  );
}
