import { TerminalError } from './terminal-error.ts';

/** A run rejects more rows than its pipeline allows. */
export class RejectBudgetExceededError extends TerminalError {
  static override readonly kind = 'data';
  override readonly name = 'RejectBudgetExceededError';
  readonly code = 'REJECT_BUDGET_EXCEEDED';
}
