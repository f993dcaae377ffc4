import { TerminalError } from '../core/errors/terminal-error.ts';

/** A command was given something that is not there. */
export class CommandInputError extends TerminalError {
  override readonly name = 'CommandInputError';
  readonly code = 'COMMAND_INPUT';
}

/** A command was written wrongly: the process ends with 2. */
export class CommandUsageError extends TerminalError {
  override readonly name = 'CommandUsageError';
  readonly code = 'COMMAND_USAGE';
}
