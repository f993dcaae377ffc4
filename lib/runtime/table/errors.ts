import { TerminalError } from '../../core/errors/terminal-error.ts';

/** A table has no such state, no longer, or none at all. */
export class TableVersionUnknownError extends TerminalError {
  override readonly name = 'TableVersionUnknownError';
  readonly code = 'TABLE_VERSION_UNKNOWN';
}
