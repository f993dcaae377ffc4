import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { SqsBuffer } from '../../lib/aws/sqs-buffer.ts';
import { MessageMalformedError } from '../../lib/core/errors/message-malformed-error.ts';
import { failureFields } from '../../lib/runtime/failure.ts';
import { logger } from './logging.ts';

/**
 * Hands the body of each message of a batch to `work`. Only messages whose work throws go back to the queue, and from
 * there, after the queue's number of tries, to its dead-letter queue: at once where it cannot be read, for that will not
 * change.
 */
export function batch(
  work: (body: string) => Promise<unknown>,
  buffer: () => Pick<SqsBuffer, 'deliverAgain'>,
): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return (event) => {
    const processor = new BatchProcessor(EventType.SQS);
    const handle = async (record: SQSRecord) => {
      try {
        await work(record.body);
      } catch (error) {
        logger.error('message goes back to its queue', { messageId: record.messageId, ...failureFields(error) });
        if (error instanceof MessageMalformedError) await deliverAgain(record);
        throw error;
      }
    };
    // It comes back in any case, only later.
    const deliverAgain = ({ messageId, receiptHandle }: SQSRecord) =>
      buffer()
        .deliverAgain(receiptHandle)
        .catch((error) => logger.error('message stays hidden', { messageId, ...failureFields(error) }));
    return processPartialResponse(event, handle, processor, { throwOnFullBatchFailure: false });
  };
}
