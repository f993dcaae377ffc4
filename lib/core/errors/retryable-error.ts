import { type FailureKind, PenstockError } from './penstock-error.ts';

/** A failure that may be gone when the same thing is tried again. */
export abstract class RetryableError extends PenstockError {
  static override readonly kind: FailureKind = 'transient';
  readonly disposition = 'retryable';
}
