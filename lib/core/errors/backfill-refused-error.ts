import { TerminalError } from './terminal-error.ts';

/** A backfill that would change nothing, too much, or what it does not say. */
export class BackfillRefusedError extends TerminalError {
  override readonly name = 'BackfillRefusedError';
  readonly code = 'BACKFILL_REFUSED';
}
