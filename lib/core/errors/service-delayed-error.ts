import { DelayedError } from './delayed-error.ts';

/** A service asked for fewer requests, and said from when on. */
export class ServiceDelayedError extends DelayedError {
  override readonly name = 'ServiceDelayedError';
  readonly code = 'SERVICE_DELAYED';
}
