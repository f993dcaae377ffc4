import { TerminalError } from './terminal-error.ts';

/** Something that Penstock does not do (501). */
export class NotSupportedError extends TerminalError {
  override readonly name = 'NotSupportedError';
  readonly code = 'NOT_SUPPORTED';
}
