import { TerminalError } from './terminal-error.ts';

/** The plan names something that it does not hold. A defect of the compiler or of the bundle. */
export class PlanInconsistentError extends TerminalError {
  override readonly name = 'PlanInconsistentError';
  readonly code = 'PLAN_INCONSISTENT';
}
