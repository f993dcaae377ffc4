import { TerminalError } from './terminal-error.ts';

/** A table has been taken to another place in a source than the run began at. */
export class CursorMovedError extends TerminalError {
  override readonly name = 'CursorMovedError';
  readonly code = 'CURSOR_MOVED';
}
