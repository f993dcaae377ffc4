import { TerminalError } from './terminal-error.ts';

/** No run of this name is known. */
export class RunMissingError extends TerminalError {
  static override readonly kind = 'not-found';
  override readonly name = 'RunMissingError';
  readonly code = 'RUN_MISSING';
}
