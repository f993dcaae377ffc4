/** A record as a scanner found it in a file's bytes. */
export interface ScannedRecord {
  /** Position in the file, from 1. */
  readonly number: number;
  /** The record without its line end; cut where it is too long to be kept. */
  readonly bytes: Buffer;
  /** Byte offset in the file at which what follows the record begins. */
  readonly next: number;
  /** Byte offset up to which the file was looked at to judge it, where that is beyond `next`. */
  readonly seen?: number;
  /** Why it cannot be read, e.g. `has 3 fields, not 4`. Absent: it is good. */
  readonly problem?: string;
}

/** Finds the records in bytes that come piece by piece. Judges one by one: what is wrong with a record costs that record. */
export interface Scanner {
  /** The records that end in these bytes. The result must be used before the next call. */
  push(bytes: Buffer): Iterable<ScannedRecord>;
  /** The records that the end of the file ends. */
  end(): Iterable<ScannedRecord>;
}

/** One record may not be longer: a file without line ends must not fill the memory. */
export const longestRecordBytes = 16 * 1024 * 1024;

export const tooLong = `is longer than ${longestRecordBytes} bytes`;
export const notText = 'is not UTF-8 text';

export const lineFeed = 10;
export const carriageReturn = 13;

/** Removes a byte order mark from the first bytes of a file. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
