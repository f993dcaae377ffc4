import { PenstockError } from './penstock-error.ts';

/** A failure that may be gone when the same thing is tried again. */
export abstract class RetryableError extends PenstockError {
  readonly disposition = 'retryable';
}
