import { TerminalError } from './terminal-error.ts';

/** A run was started with parameters that its pipeline does not have, or without those that it needs. */
export class ParameterInvalidError extends TerminalError {
  static override readonly kind = 'configuration';
  override readonly name = 'ParameterInvalidError';
  readonly code = 'PARAMETER_INVALID';
}
