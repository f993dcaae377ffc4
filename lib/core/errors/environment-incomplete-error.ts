import { TerminalError } from './terminal-error.ts';

/** A function lacks an environment variable. */
export class EnvironmentIncompleteError extends TerminalError {
  static override readonly kind = 'configuration';
  override readonly name = 'EnvironmentIncompleteError';
  readonly code = 'ENVIRONMENT_INCOMPLETE';
}
