import { randomUUID } from 'node:crypto';
import type { LambdaCore } from '../core.ts';
import type { InvocationResult } from '../invocation/invoke-version.ts';
import type { MappingRecord } from '../state.ts';
import { type StreamEvent, sequenceOf } from './stream-event.ts';

/** Records that are given up, and why. */
export interface DiscardedBatch {
  readonly shardId: string;
  readonly records: readonly StreamEvent[];
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  /** How often the function has run for them. */
  readonly invokeCount: number;
  /** Of the last run; undefined where there was none. */
  readonly result?: InvocationResult;
}

/** What a destination is told of records that are given up: where they stand in the stream, not what they hold. */
export function discardedBatch(core: LambdaCore, mapping: MappingRecord, batch: DiscardedBatch): object {
  const { records, condition, invokeCount, result, shardId } = batch;
  const [first, last] = [records[0]!, records.at(-1)!];
  const arrival = ({ dynamodb }: StreamEvent) =>
    `${new Date(dynamodb.ApproximateCreationDateTime * 1000).toISOString().slice(0, 19)}Z`;
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn: mapping.FunctionArn,
      condition,
      approximateInvokeCount: invokeCount,
    },
    ...(result && {
      responseContext: {
        statusCode: 200,
        executedVersion: result.executedVersion,
        functionError: result.functionError ?? null,
      },
    }),
    version: '1.0',
    timestamp: new Date(core.cloud.clock.now()).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: sequenceOf(first),
      endSequenceNumber: sequenceOf(last),
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: records.length,
      streamArn: mapping.EventSourceArn,
    },
  };
}
