import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** What an event source mapping does with a queue in the name of its function; and the function with what it cannot read. */
export function consumePermission(queue: IQueue): PolicyStatement {
  return new PolicyStatement({
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
    resources: [queue.queueArn],
  });
}

export interface ConsumeOptions {
  readonly queue: IQueue;
  readonly batchSize: number;
  /** Most calls of the function at the same time, 2 to 1000. */
  readonly concurrency: number;
}

/** Hands a queue's messages to a function; those of a batch that failed go back to the queue alone. */
export function consume(scope: Construct, target: IFunction, { queue, batchSize, concurrency }: ConsumeOptions): void {
  new EventSourceMapping(scope, 'Consumer', {
    target,
    eventSourceArn: queue.queueArn,
    batchSize,
    maxConcurrency: concurrency,
    reportBatchItemFailures: true,
  });
}
