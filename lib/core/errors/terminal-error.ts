import { PenstockError } from './penstock-error.ts';

/** A failure that trying again as it is cannot mend. */
export abstract class TerminalError extends PenstockError {
  readonly disposition = 'terminal';
}
