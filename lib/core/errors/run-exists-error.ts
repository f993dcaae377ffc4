import { TerminalError } from './terminal-error.ts';

/** A run of this name belongs to another execution. */
export class RunExistsError extends TerminalError {
  override readonly name = 'RunExistsError';
  readonly code = 'RUN_EXISTS';
}
