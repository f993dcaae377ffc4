import { TerminalError } from './terminal-error.ts';

/** Rows are missing, or there are too many: what came in is not what went out, was rejected, filtered and merged. */
export class LedgerImbalanceError extends TerminalError {
  override readonly name = 'LedgerImbalanceError';
  readonly code = 'LEDGER_IMBALANCE';
}
