import { TerminalError } from './terminal-error.ts';

/** A circuit is not in a state that allows what is asked of it. */
export class CircuitStateError extends TerminalError {
  override readonly name = 'CircuitStateError';
  readonly code = 'CIRCUIT_STATE';
}
