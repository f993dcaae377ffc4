import { TerminalError } from './terminal-error.ts';

/** A file that the run needs does not exist (any more). */
export class InputMissingError extends TerminalError {
  override readonly name = 'InputMissingError';
  readonly code = 'INPUT_MISSING';
}
