import type { ErrorParts, FailureKind } from './penstock-error.ts';
import { RetryableError, type RetryManner } from './retryable-error.ts';

/** A failure that names the time from which on it may be gone. Whoever waits that long has not used up an attempt. */
export abstract class DelayedError extends RetryableError {
  static override readonly kind: FailureKind = 'throttled';
  static override readonly manner: RetryManner = 'delay';
  readonly retryAfterSeconds: number;

  constructor(parts: ErrorParts & { readonly retryAfterSeconds?: number }) {
    super(parts);
    this.retryAfterSeconds = parts.retryAfterSeconds ?? 1;
  }
}
