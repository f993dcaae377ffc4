import { RetryableError } from './retryable-error.ts';

/** Other runs moved the table on each time this run wanted to publish. */
export class CommitConflictError extends RetryableError {
  override readonly name = 'CommitConflictError';
  readonly code = 'COMMIT_CONFLICT';
}
