import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { failureFields } from '../../lib/runtime/failure.ts';
import { logger } from './logging.ts';

/**
 * Hands the body of each message of a batch to `work`. Only messages whose work throws go back to the queue, and from
 * there, after the queue's number of tries, to its dead-letter queue.
 */
export function batch(work: (body: string) => Promise<unknown>): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return (event) => {
    const processor = new BatchProcessor(EventType.SQS);
    const handle = async (record: SQSRecord) => {
      try {
        await work(record.body);
      } catch (error) {
        logger.error('message goes back to its queue', { messageId: record.messageId, ...failureFields(error) });
        throw error;
      }
    };
    return processPartialResponse(event, handle, processor, { throwOnFullBatchFailure: false });
  };
}
