import { TerminalError } from './terminal-error.ts';

/** Somebody stopped the run. */
export class RunCancelledError extends TerminalError {
  override readonly name = 'RunCancelledError';
  readonly code = 'RUN_CANCELLED';
}
