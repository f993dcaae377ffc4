import { TerminalError } from './terminal-error.ts';

/** A person looked at the quality report and rejected the run. */
export class ReviewRejectedError extends TerminalError {
  static override readonly kind = 'data';
  override readonly name = 'ReviewRejectedError';
  readonly code = 'REVIEW_REJECTED';
}
