import { RetryableError } from './retryable-error.ts';

/** Another writer was at the same object key at the same time, again and again. */
export class WriteConflictError extends RetryableError {
  override readonly name = 'WriteConflictError';
  readonly code = 'WRITE_CONFLICT';
}
