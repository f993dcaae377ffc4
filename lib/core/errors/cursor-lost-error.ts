import { TerminalError } from './terminal-error.ts';

/** How far a source was taken into a table was removed with the snapshots that said it. */
export class CursorLostError extends TerminalError {
  override readonly name = 'CursorLostError';
  readonly code = 'CURSOR_LOST';
}
