import { errorNamesToRetry, kindOfOwnError } from './errors/catalogue.ts';
import type { FailureKind } from './errors/penstock-error.ts';

/** Kinds of failures that may be gone when the same thing is tried again. */
export type RetryableKind = Extract<FailureKind, 'transient' | 'throttled'>;

/** How a kind is tried again: exponential back-off with full jitter, up to a ceiling, within a budget of attempts. */
export interface RetryPolicy {
  readonly firstSeconds: number;
  readonly factor: number;
  readonly ceilingSeconds: number;
  /** Attempts after the first one. */
  readonly budget: number;
}

/** Who was asked to slow down waits longer, and gets there in the end. */
export const retryPolicies: Readonly<Record<RetryableKind, RetryPolicy>> = {
  transient: { firstSeconds: 2, factor: 2, ceilingSeconds: 60, budget: 5 },
  throttled: { firstSeconds: 5, factor: 2, ceilingSeconds: 300, budget: 8 },
};

/** What Lambda, not the handler, reports when a call was throttled, lost or cut short. */
const lambdaErrorNames: Readonly<Record<RetryableKind, readonly string[]>> = {
  transient: [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.Unknown',
    'Sandbox.Timedout',
    'Runtime.ExitError',
    'Runtime.OutOfMemory',
    'States.HeartbeatTimeout',
  ],
  throttled: ['Lambda.TooManyRequestsException'],
};

/** Errors of one kind that the state machine tries again with back-off, by the names that it sees. */
export function retryableErrorNamesOf(kind: RetryableKind): readonly string[] {
  return [...lambdaErrorNames[kind], ...errorNamesToRetry(kind, 'back-off')];
}

/** Errors that say themselves when to come back: the state machine waits that long, and no attempt is used up. */
export const delayedErrorNames: readonly string[] = errorNamesToRetry('throttled', 'delay');

/** Nobody waits longer than this at a time, whoever asks for it. */
export const longestDelaySeconds = 900;

/**
 * Failed attempts that all chunks of a run may have together: each of thousands of chunks within its own budget would be
 * a storm of its own on what has failed.
 */
export function runRetryBudget(chunks: number): number {
  return Math.max(100, Math.ceil(chunks / 5));
}

/**
 * The kind of a failure, by name alone. What AWS itself reports (`States.Timeout`, `Lambda.…`) may be gone next time;
 * `told` is what a failure that the catalogue does not hold says of itself.
 */
export function failureKind(name: string, told?: FailureKind): FailureKind {
  const own = kindOfOwnError(name) ?? told;
  if (own) return own;
  if (lambdaErrorNames.throttled.includes(name)) return 'throttled';
  return /^(States|Lambda|Sandbox|Runtime|S3|DynamoDb|SQS)\./.test(name) ? 'transient' : 'permanent';
}
