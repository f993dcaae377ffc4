import { RetryableError } from './retryable-error.ts';

/** An AWS service asked for fewer requests, and went on after the SDK's own retries. */
export class ServiceThrottledError extends RetryableError {
  static override readonly kind = 'throttled';
  override readonly name = 'ServiceThrottledError';
  readonly code = 'SERVICE_THROTTLED';
}
