import { TerminalError } from './terminal-error.ts';

/** Rejects cannot be run again by the plan as it is now. */
export class ReplayImpossibleError extends TerminalError {
  override readonly name = 'ReplayImpossibleError';
  readonly code = 'REPLAY_IMPOSSIBLE';
}
