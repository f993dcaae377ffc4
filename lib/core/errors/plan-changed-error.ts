import { TerminalError } from './terminal-error.ts';

/** The run was started for another plan than the one that is deployed. */
export class PlanChangedError extends TerminalError {
  static override readonly kind = 'configuration';
  override readonly name = 'PlanChangedError';
  readonly code = 'PLAN_CHANGED';
}
