import { retryableErrorNames } from '../../core/retryable-errors.ts';
import type { Retrier } from './states-language.ts';

/** Faults of the integration itself, which no function ever saw. */
const integrationErrorNames = {
  queue: ['SQS.AmazonSQSException', 'SQS.SdkClientException'],
  map: ['States.ItemReaderFailed', 'States.ResultWriterFailed'],
} as const;

function retrier(names: readonly string[], attempts: number): Retrier {
  return {
    ErrorEquals: names,
    IntervalSeconds: 2,
    MaxAttempts: attempts,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: 'FULL',
  };
}

/** A function that may succeed when it is called again. */
export const retryFunction: readonly Retrier[] = [retrier(retryableErrorNames, 5)];

/**
 * A chunk that another worker may finish. Silence is given more patience than an error: it may just mean that all
 * workers are taken, and the chunk was never begun.
 */
export const retryChunk: readonly Retrier[] = [
  retrier(['States.HeartbeatTimeout'], 10),
  retrier([...retryableErrorNames, ...integrationErrorNames.queue], 5),
];

/** A Map over its manifest; chunks that are done already are recognised by their outputs. */
export const retryMap: readonly Retrier[] = [retrier(integrationErrorNames.map, 2)];

/** An event that must not be lost because the bus was away for a minute. */
export const retryNotice: readonly Retrier[] = [retrier(['States.ALL'], 8)];
