import { TerminalError } from './terminal-error.ts';

/** Something that Penstock does not do (501). */
export class NotSupportedError extends TerminalError {
  static override readonly kind = 'configuration';
  override readonly name = 'NotSupportedError';
  readonly code = 'NOT_SUPPORTED';
}
