import { DelayedError } from './delayed-error.ts';

/** Other runs publish the same table before this one. */
export class TableBusyError extends DelayedError {
  override readonly name = 'TableBusyError';
  readonly code = 'TABLE_BUSY';
}
