import { TerminalError } from './terminal-error.ts';

/** A file that only grows has other bytes now where it was read before, or fewer. */
export class InputChangedError extends TerminalError {
  static override readonly kind = 'data';
  override readonly name = 'InputChangedError';
  readonly code = 'INPUT_CHANGED';
}
