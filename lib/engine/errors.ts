import { TerminalError } from '../core/errors/terminal-error.ts';

/** The bytes are not what the format says: cut short, not a Parquet file, not an array. Nothing of the file is taken. */
export class InputMalformedError extends TerminalError {
  static override readonly kind = 'data';
  override readonly name = 'InputMalformedError';
  readonly code = 'INPUT_MALFORMED';
}

/** The columns of a file do not meet the contract. */
export class SchemaMismatchError extends TerminalError {
  static override readonly kind = 'data';
  override readonly name = 'SchemaMismatchError';
  readonly code = 'SCHEMA_MISMATCH';
}

/** The lookup side of an enrich step has several rows for one key. */
export class LookupNotUniqueError extends TerminalError {
  static override readonly kind = 'data';
  override readonly name = 'LookupNotUniqueError';
  readonly code = 'LOOKUP_NOT_UNIQUE';
}

/** Rows that are to take the place of others have the same key, and nothing says which one is the newer. */
export class KeyTwiceError extends TerminalError {
  static override readonly kind = 'data';
  override readonly name = 'KeyTwiceError';
  readonly code = 'KEY_TWICE';
}

/** A step could not be run on the data, e.g. an overflow in an expression. */
export class StepFailedError extends TerminalError {
  override readonly name = 'StepFailedError';
  readonly code = 'STEP_FAILED';
}

/** Counts that must agree do not: a fault of Penstock, never of the data. */
export class CountMismatchError extends TerminalError {
  override readonly name = 'CountMismatchError';
  readonly code = 'COUNT_MISMATCH';
}
