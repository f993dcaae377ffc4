import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import type { Deduplication } from '../deduplication.ts';
import { givenSize } from '../message-attributes.ts';
import type { QueueKeys } from '../queue-keys.ts';
import type { Queues } from '../queues.ts';
import { batch } from './batch.ts';
import { receiveMessage } from './receive-message.ts';
import { sendMessage } from './send-message.ts';
import { changeVisibility, deleteMessage } from './settle-message.ts';

const longestBatchBytes = 1024 * 1024;

/** Send, receive, delete and change of visibility, one by one and in batches. A batch is one transaction. */
export function messageOperations(
  queues: Queues,
  deduplication: Deduplication,
  keys: QueueKeys,
): Record<string, Operation> {
  const { store, clock } = queues.cloud;
  return {
    SendMessage: async (input, context) => {
      const queue = queues.byUrl(input.QueueUrl);
      await keys.checkSender(queue, context);
      return sendMessage(queue, deduplication, input, context, clock.now());
    },
    SendMessageBatch: async (input, context) => {
      const queue = queues.byUrl(input.QueueUrl);
      checkBatchSize(input.Entries);
      await keys.checkSender(queue, context);
      return store.transaction(() =>
        batch(input.Entries, (entry: any) => sendMessage(queue, deduplication, entry, context, clock.now())),
      );
    },
    ReceiveMessage: async (input, context) => {
      const queue = queues.byUrl(input.QueueUrl);
      await keys.checkReceiver(queue, context);
      return receiveMessage(queue, input, context);
    },
    DeleteMessage: async (input) => deleteMessage(queues.byUrl(input.QueueUrl), input.ReceiptHandle, clock.now()),
    DeleteMessageBatch: async (input) => {
      const queue = queues.byUrl(input.QueueUrl);
      return store.transaction(() =>
        batch(input.Entries, (entry: any) => void deleteMessage(queue, entry.ReceiptHandle, clock.now())),
      );
    },
    ChangeMessageVisibility: async (input) =>
      changeVisibility(queues.byUrl(input.QueueUrl), input.ReceiptHandle, input.VisibilityTimeout, clock.now()),
    ChangeMessageVisibilityBatch: async (input) => {
      const queue = queues.byUrl(input.QueueUrl);
      return store.transaction(() =>
        batch(
          input.Entries,
          (entry: any) => void changeVisibility(queue, entry.ReceiptHandle, entry.VisibilityTimeout, clock.now()),
        ),
      );
    },
  };
}

function checkBatchSize(entries: readonly any[] = []): void {
  let bytes = 0;
  for (const entry of entries) {
    bytes += Buffer.byteLength(String(entry.MessageBody ?? '')) + givenSize(entry.MessageAttributes);
  }
  if (bytes <= longestBatchBytes) return;
  throw new AwsError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${longestBatchBytes} bytes. You have sent ${bytes} bytes.`,
  );
}
