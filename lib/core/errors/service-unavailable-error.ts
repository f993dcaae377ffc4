import { RetryableError } from './retryable-error.ts';

/** An AWS service timed out or answered 5xx, and went on after the SDK's own retries. */
export class ServiceUnavailableError extends RetryableError {
  override readonly name = 'ServiceUnavailableError';
  readonly code = 'SERVICE_UNAVAILABLE';
}
