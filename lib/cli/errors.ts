import { TerminalError } from '../core/errors/terminal-error.ts';

/** A command was given something that is not there. */
export class CommandInputError extends TerminalError {
  override readonly name = 'CommandInputError';
  readonly code = 'COMMAND_INPUT';
}
