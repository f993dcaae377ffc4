import {
  type RetryableKind,
  type RetryPolicy,
  retryableErrorNamesOf,
  retryPolicies,
} from '../../core/retryable-errors.ts';
import type { Retrier } from './states-language.ts';

/** Faults of the integration itself, which no function ever saw. */
const integrationErrorNames = {
  queue: ['SQS.AmazonSQSException', 'SQS.SdkClientException'],
  map: ['States.ItemReaderFailed', 'States.ResultWriterFailed'],
} as const;

function retrier(names: readonly string[], { firstSeconds, factor, ceilingSeconds, budget }: RetryPolicy): Retrier {
  return {
    ErrorEquals: names,
    IntervalSeconds: firstSeconds,
    MaxAttempts: budget,
    BackoffRate: factor,
    MaxDelaySeconds: ceilingSeconds,
    JitterStrategy: 'FULL',
  };
}

function within(budget: number): RetryPolicy {
  return { ...retryPolicies.transient, budget };
}

/** Each kind of the catalogue that may be tried again, in its own way. */
function retriersByKind(besides: readonly string[] = []): readonly Retrier[] {
  const further: Readonly<Record<RetryableKind, readonly string[]>> = { transient: besides, throttled: [] };
  return (Object.keys(retryPolicies) as RetryableKind[]).map((kind) =>
    retrier([...retryableErrorNamesOf(kind), ...further[kind]], retryPolicies[kind]),
  );
}

/** A function that may succeed when it is called again. */
export const retryFunction: readonly Retrier[] = retriersByKind();

/**
 * A chunk that another worker may finish. Silence is given more patience than an error: it may just mean that all
 * workers are taken, and the chunk was never begun. Chunks of a thousand runs wait in one queue, so it is some 45 minutes.
 * A chunk that ends each worker without a word is given up sooner, by the worker that begins it next.
 */
export const retryChunk: readonly Retrier[] = [
  retrier(['States.HeartbeatTimeout'], within(30)),
  ...retriersByKind(integrationErrorNames.queue),
];

/** A Map over its manifest; chunks that are done already are recognised by their outputs. */
export const retryMap: readonly Retrier[] = [retrier(integrationErrorNames.map, within(2))];

/** The function that ends a run answers with the run's own error, which may have any name but those of a lost call. */
export const retryConclusion: readonly Retrier[] = [
  retrier(['Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException'], within(3)),
];
