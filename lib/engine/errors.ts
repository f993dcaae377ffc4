import { PenstockError } from '../core/errors/penstock-error.ts';

/** The bytes are not what the format says: cut short, not a Parquet file, not an array. Nothing of the file is taken. */
export class InputMalformedError extends PenstockError {
  readonly code = 'INPUT_MALFORMED';
  readonly disposition = 'terminal';
}

/** The columns of a file do not meet the contract. */
export class SchemaMismatchError extends PenstockError {
  readonly code = 'SCHEMA_MISMATCH';
  readonly disposition = 'terminal';
}

/** The lookup side of an enrich step has several rows for one key. */
export class LookupNotUniqueError extends PenstockError {
  readonly code = 'LOOKUP_NOT_UNIQUE';
  readonly disposition = 'terminal';
}

/** A step could not be run on the data, e.g. an overflow in an expression. */
export class StepFailedError extends PenstockError {
  readonly code = 'STEP_FAILED';
  readonly disposition = 'terminal';
}

/** Counts that must agree do not: a fault of Penstock, never of the data. */
export class CountMismatchError extends PenstockError {
  readonly code = 'COUNT_MISMATCH';
  readonly disposition = 'terminal';
}
