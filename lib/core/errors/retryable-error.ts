import { type FailureKind, PenstockError } from './penstock-error.ts';

/**
 * How something is tried again: with back-off within a budget; once the time has come that the error names; or only
 * when a person redrives the run.
 */
export type RetryManner = 'back-off' | 'delay' | 'redrive';

/** A failure that may be gone when the same thing is tried again. */
export abstract class RetryableError extends PenstockError {
  static override readonly kind: FailureKind = 'transient';
  static readonly manner: RetryManner = 'back-off';
  readonly disposition = 'retryable';
}
