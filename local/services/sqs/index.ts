import { AwsError } from '../../aws-error.ts';
import { jsonHttp } from '../../protocols/json.ts';
import type { Operation, Service, ServiceFactory } from '../../service.ts';
import { Deduplication } from './deduplication.ts';
import { queryErrorHeader, queueDoesNotExist } from './errors.ts';
import { attributesSize, storedAttributes } from './message-attributes.ts';
import { batch } from './operations/batch.ts';
import { createQueue } from './operations/create-queue.ts';
import { getQueueAttributes } from './operations/get-queue-attributes.ts';
import { receiveMessage } from './operations/receive-message.ts';
import { sendMessage } from './operations/send-message.ts';
import { setQueueAttributes } from './operations/set-queue-attributes.ts';
import { changeVisibility, deleteMessage } from './operations/settle-message.ts';
import { sqsPermissions } from './permissions.ts';
import { Queues } from './queues.ts';

const longestBatchBytes = 1024 * 1024;

/** Amazon SQS: standard and FIFO queues over the JSON protocol. */
export const createSqs: ServiceFactory = (cloud): Service => {
  const queues = new Queues(cloud);
  const deduplication = new Deduplication(cloud);
  const now = () => cloud.clock.now();
  const operations: Record<string, Operation> = {
    CreateQueue: async (input) => ({ QueueUrl: queues.url(createQueue(queues, input).record.name) }),
    DeleteQueue: async (input) => queues.delete(queues.byUrl(input.QueueUrl)),
    GetQueueUrl: async (input) => {
      const queue = queues.byName(input.QueueName);
      if (!queue) throw queueDoesNotExist();
      return { QueueUrl: queues.url(queue.record.name) };
    },
    ListQueues: async (input) => {
      const names = queues.all().map((queue) => queue.record.name);
      const found = names.filter((name) => name.startsWith(input.QueueNamePrefix ?? '')).sort();
      return found.length === 0 ? {} : { QueueUrls: found.map((name) => queues.url(name)) };
    },
    GetQueueAttributes: async (input) => {
      const Attributes = getQueueAttributes(queues.byUrl(input.QueueUrl), input.AttributeNames);
      return Attributes ? { Attributes } : {};
    },
    SetQueueAttributes: async (input) =>
      setQueueAttributes(queues, queues.byUrl(input.QueueUrl), input.Attributes ?? {}),
    SendMessage: async (input, context) =>
      sendMessage(queues.byUrl(input.QueueUrl), deduplication, input, context, now()),
    SendMessageBatch: async (input, context) => {
      const queue = queues.byUrl(input.QueueUrl);
      const bytes = (input.Entries ?? []).reduce(
        (sum: number, entry: any) =>
          sum + Buffer.byteLength(entry.MessageBody ?? '') + attributesSize(storedAttributes(entry.MessageAttributes)),
        0,
      );
      if (bytes > longestBatchBytes) {
        throw new AwsError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${longestBatchBytes} bytes. You have sent ${bytes} bytes.`,
        );
      }
      return cloud.store.transaction(() =>
        batch(input.Entries, (entry: any) => sendMessage(queue, deduplication, entry, context, now())),
      );
    },
    ReceiveMessage: async (input, context) => receiveMessage(queues.byUrl(input.QueueUrl), input, context),
    DeleteMessage: async (input) => deleteMessage(queues.byUrl(input.QueueUrl), input.ReceiptHandle, now()),
    DeleteMessageBatch: async (input) => {
      const queue = queues.byUrl(input.QueueUrl);
      return cloud.store.transaction(() =>
        batch(input.Entries, (entry: any) => void deleteMessage(queue, entry.ReceiptHandle, now())),
      );
    },
    ChangeMessageVisibility: async (input) =>
      changeVisibility(queues.byUrl(input.QueueUrl), input.ReceiptHandle, input.VisibilityTimeout, now()),
    ChangeMessageVisibilityBatch: async (input) => {
      const queue = queues.byUrl(input.QueueUrl);
      return batch(
        input.Entries,
        (entry: any) => void changeVisibility(queue, entry.ReceiptHandle, entry.VisibilityTimeout, now()),
      );
    },
    PurgeQueue: async (input) => queues.byUrl(input.QueueUrl).purge(),
  };
  return {
    name: 'sqs',
    operations,
    permissions: (operation, input) => sqsPermissions(queues, operation, input),
    http: jsonHttp(cloud, 'sqs', {
      version: '1.0',
      errorNamespace: 'com.amazonaws.sqs#',
      errorHeaders: queryErrorHeader,
    }),
    async close() {
      queues.close();
    },
  };
};
