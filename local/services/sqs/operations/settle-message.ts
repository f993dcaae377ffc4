import { AwsError } from '../../../aws-error.ts';
import { invalidValue, missingParameter } from '../errors.ts';
import { messageState } from '../message.ts';
import type { Queue } from '../queue.ts';
import { messageOfReceipt } from '../receipt.ts';

const longestVisibilitySeconds = 43_200;

/** Deletes the message of a receipt handle. Deleting again, or with an older handle of a standard queue, does nothing. */
export function deleteMessage(queue: Queue, handle: unknown, now: number): void {
  if (handle === undefined) throw missingParameter('ReceiptHandle');
  const found = messageOfReceipt(queue, handle);
  if (!found) return;
  if (queue.fifo && (!found.current || messageState(found.message, now) !== 'inFlight')) {
    throw invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');
  }
  if (found.current) queue.remove(found.message);
}

/** Hides a message in flight for `seconds` from now; 0 gives it back at once. */
export function changeVisibility(queue: Queue, handle: unknown, seconds: unknown, now: number): void {
  if (handle === undefined) throw missingParameter('ReceiptHandle');
  if (!Number.isInteger(seconds) || Number(seconds) < 0 || Number(seconds) > longestVisibilitySeconds) {
    throw invalidValue(seconds, 'VisibilityTimeout', `Must be between 0 and ${longestVisibilitySeconds}.`);
  }
  const found = messageOfReceipt(queue, handle);
  if (!found?.current) {
    throw invalidValue(
      handle,
      'ReceiptHandle',
      'Message does not exist or is not available for visibility timeout change.',
    );
  }
  if (messageState(found.message, now) !== 'inFlight') {
    throw new AwsError('MessageNotInflight', 'The specified message is not in flight.');
  }
  const visibleAt = now + Number(seconds) * 1000;
  if (visibleAt - (found.message.delivery.lastReceivedAt ?? now) > longestVisibilitySeconds * 1000) {
    throw invalidValue(
      seconds,
      'VisibilityTimeout',
      `Total VisibilityTimeout for the message is beyond the limit [${longestVisibilitySeconds} seconds].`,
    );
  }
  queue.setVisibleAt(found.message, visibleAt);
}
