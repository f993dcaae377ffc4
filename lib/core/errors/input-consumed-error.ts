import { TerminalError } from './terminal-error.ts';

/** Another run published the same input file first. */
export class InputConsumedError extends TerminalError {
  override readonly name = 'InputConsumedError';
  readonly code = 'INPUT_CONSUMED';
}
