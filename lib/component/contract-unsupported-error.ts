import { TerminalError } from '../core/errors/terminal-error.ts';

/** A contract says something that cannot be checked in columns. */
export class ContractUnsupportedError extends TerminalError {
  override readonly name = 'ContractUnsupportedError';
  readonly code = 'CONTRACT_UNSUPPORTED';
}
