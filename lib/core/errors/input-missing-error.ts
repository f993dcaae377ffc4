import { TerminalError } from './terminal-error.ts';

/** A file that the run needs does not exist (any more). */
export class InputMissingError extends TerminalError {
  static override readonly kind = 'not-found';
  override readonly name = 'InputMissingError';
  readonly code = 'INPUT_MISSING';
}
