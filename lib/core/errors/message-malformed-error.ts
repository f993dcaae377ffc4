import { TerminalError } from './terminal-error.ts';

/** A message or an event does not have the form that was agreed. */
export class MessageMalformedError extends TerminalError {
  static override readonly kind = 'data';
  override readonly name = 'MessageMalformedError';
  readonly code = 'MESSAGE_MALFORMED';
}
