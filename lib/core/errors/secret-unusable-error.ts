import { TerminalError } from './terminal-error.ts';

/** A secret that the pipeline names is not there, or is no good as a key. The message never holds its value. */
export class SecretUnusableError extends TerminalError {
  static override readonly kind = 'configuration';
  override readonly name = 'SecretUnusableError';
  readonly code = 'SECRET_UNUSABLE';
}
