import { AwsError } from '../../../aws-error.ts';
import type { Pending } from '../../../outbox.ts';

/** As EventBridge rules and schedules have it. */
export interface RetryPolicy {
  /** Default 185. */
  readonly MaximumRetryAttempts?: number;
  /** Default 86,400: a day. */
  readonly MaximumEventAgeInSeconds?: number;
}

const defaultRetries = 185;
const defaultAgeSeconds = 86_400;
const longestPauseMilliseconds = 15 * 60 * 1000;

/** How long to wait before the next attempt: twice as long as before, up to a quarter of an hour. */
export function pauseBeforeRetry(attempts: number): number {
  return Math.min(1000 * 2 ** (attempts - 1), longestPauseMilliseconds);
}

/** Which bound of the policy forbids another attempt, or undefined where none does. */
export function exhaustedCondition(
  policy: RetryPolicy | undefined,
  pending: Pending<unknown>,
  now: number,
): string | undefined {
  if (pending.attempts > (policy?.MaximumRetryAttempts ?? defaultRetries)) return 'MaximumRetryAttempts';
  const age = now + pauseBeforeRetry(pending.attempts) - pending.since;
  return age > (policy?.MaximumEventAgeInSeconds ?? defaultAgeSeconds) * 1000 ? 'MaximumEventAgeInSeconds' : undefined;
}

/** Trouble that may pass is tried again; a missing permission or target is not. */
export function mayPass(error: Error): boolean {
  if (!(error instanceof AwsError)) return true;
  return (
    (error.statusCode >= 500 && error.statusCode !== 501) ||
    error.statusCode === 429 ||
    /throttl|toomanyrequests|slowdown/i.test(error.code)
  );
}
