import { AwsError } from '../../aws-error.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';

/** Names one delivery of one message; the next delivery has another handle. */
export function receiptHandle(queue: Queue, message: Message): string {
  const parts = [queue.record.id, message.content.sequence, message.delivery.receiveCount];
  return Buffer.from(parts.join('/')).toString('base64');
}

/**
 * Finds the message of a handle. `current` is false where the message was delivered again since.
 * Undefined where the message is gone. Throws ReceiptHandleIsInvalid for what is no handle of this queue.
 */
export function messageOfReceipt(queue: Queue, handle: unknown): { message: Message; current: boolean } | undefined {
  const [id, sequence, receiveCount] = Buffer.from(String(handle ?? ''), 'base64')
    .toString('latin1')
    .split('/');
  if (id !== queue.record.id || !sequence || !receiveCount) {
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
      404,
    );
  }
  const message = queue.messages.get(Number(sequence));
  return message && { message, current: message.delivery.receiveCount === Number(receiveCount) };
}
