import { TerminalError } from './terminal-error.ts';

/** A role lacks a permission. */
export class AccessRefusedError extends TerminalError {
  override readonly name = 'AccessRefusedError';
  readonly code = 'ACCESS_REFUSED';
}
