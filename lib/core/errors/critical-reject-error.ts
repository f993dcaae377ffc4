import { TerminalError } from './terminal-error.ts';

/** A row broke a rule that no row may break. */
export class CriticalRejectError extends TerminalError {
  static override readonly kind = 'data';
  override readonly name = 'CriticalRejectError';
  readonly code = 'CRITICAL_REJECT';
}
