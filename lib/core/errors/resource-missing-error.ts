import { TerminalError } from './terminal-error.ts';

/** Something in AWS that a function calls is not there: a bucket, a table, a queue, a machine. */
export class ResourceMissingError extends TerminalError {
  static override readonly kind = 'not-found';
  override readonly name = 'ResourceMissingError';
  readonly code = 'RESOURCE_MISSING';
}
