import { RetryableError, type RetryManner } from './retryable-error.ts';

/** So many attempts of a run have failed that no further one is made. What it failed of may be gone for a redrive. */
export class RetryBudgetSpentError extends RetryableError {
  static override readonly manner: RetryManner = 'redrive';
  override readonly name = 'RetryBudgetSpentError';
  readonly code = 'RETRY_BUDGET_SPENT';
}
