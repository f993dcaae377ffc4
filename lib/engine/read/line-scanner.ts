import { isUtf8 } from 'node:buffer';
import {
  carriageReturn,
  lineFeed,
  longestRecordBytes,
  notText,
  type ScannedRecord,
  type Scanner,
  tooLong,
  withoutMark,
} from './scanner.ts';

const tab = 9;

/** A character that no JSON text may hold serves as delimiter of columns, so that a line stays whole. */
export const lineSeparator = '\x01';
const noJson = 'holds U+0001, which no JSON text may';

/** Each line is a record; blank lines keep their number. */
export class LineScanner implements Scanner {
  #rest = Buffer.alloc(0);
  /** Offset in the file at which the rest begins. */
  #offset = 0;
  #number = 0;
  /** True while the rest of a line that was too long goes by. */
  #skipping = false;

  *push(bytes: Buffer): Iterable<ScannedRecord> {
    const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    const text = this.#number === 0 && !this.#skipping ? withoutMark(all) : all;
    this.#offset += all.length - text.length;
    let start = 0;
    for (let end = text.indexOf(lineFeed); end >= 0; end = text.indexOf(lineFeed, start)) {
      if (this.#skipping) this.#skipping = false;
      else yield this.#record(text.subarray(start, end), this.#offset + end + 1);
      start = end + 1;
    }
    const rest = text.subarray(start);
    if (!this.#skipping && rest.length > longestRecordBytes) {
      this.#skipping = true;
      yield { number: ++this.#number, bytes: rest, next: this.#offset + text.length, problem: tooLong };
    }
    this.#rest = this.#skipping ? Buffer.alloc(0) : Buffer.from(rest);
    this.#offset += text.length - this.#rest.length;
  }

  *end(): Iterable<ScannedRecord> {
    const rest = this.#number === 0 ? withoutMark(this.#rest) : this.#rest;
    if (rest.length > 0) yield this.#record(rest, this.#offset + this.#rest.length);
  }

  #record(line: Buffer, next: number): ScannedRecord {
    const bytes = withoutReturns(line.at(-1) === carriageReturn ? line.subarray(0, -1) : line);
    const number = ++this.#number;
    if (bytes.length > longestRecordBytes) return { number, bytes, next, problem: tooLong };
    if (!isUtf8(bytes)) return { number, bytes, next, problem: notText };
    // DuckDB would take what is behind it for a second column, and give up the whole file.
    return bytes.includes(lineSeparator) ? { number, bytes, next, problem: noJson } : { number, bytes, next };
  }
}

/** A carriage return is to JSON what a tab is, between values and in text, but to DuckDB's reader it is an end of its own. */
function withoutReturns(line: Buffer): Buffer {
  if (!line.includes(carriageReturn)) return line;
  return Buffer.from(line.map((byte) => (byte === carriageReturn ? tab : byte)));
}
