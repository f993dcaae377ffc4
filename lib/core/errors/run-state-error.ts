import { TerminalError } from './terminal-error.ts';

/** A run is not in a state that allows what is asked of it. */
export class RunStateError extends TerminalError {
  override readonly name = 'RunStateError';
  readonly code = 'RUN_STATE';
}
