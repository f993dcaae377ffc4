import { TerminalError } from './terminal-error.ts';

/** A role lacks a permission. */
export class AccessRefusedError extends TerminalError {
  static override readonly kind = 'authorisation';
  override readonly name = 'AccessRefusedError';
  readonly code = 'ACCESS_REFUSED';
}
