import { TerminalError } from './terminal-error.ts';

/** A cursor cannot be set to what is asked for. */
export class CursorRefusedError extends TerminalError {
  override readonly name = 'CursorRefusedError';
  readonly code = 'CURSOR_REFUSED';
}
