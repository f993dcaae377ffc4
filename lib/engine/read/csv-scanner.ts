import { isUtf8 } from 'node:buffer';
import type { Format } from '../../component/connector.ts';
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

const space = 32;

/** Where the scanner is in a record. */
const fieldStart = 0;
const plain = 1;
const quoted = 2;
const afterQuote = 3;

/** How far a record has been looked at: its bytes so far, and where they end. */
interface Seen {
  readonly bytes: number;
  readonly state: number;
  readonly fields: number;
  /** The last field that is not empty, from 1; 0 where all are. */
  readonly filled: number;
}

const fresh: Seen = { bytes: 0, state: fieldStart, fields: 1, filled: 0 };

/** What was found from the start of a record on. */
interface Found {
  /** End of the record, its line end excluded. */
  readonly end: number;
  /** Where the next record starts. */
  readonly next: number;
  readonly fields: number;
  readonly filled: number;
  /** How far it was looked at, where that is beyond `next`. */
  readonly seen?: number;
  readonly problem?: string;
}

/**
 * Finds CSV records: fields between delimiters, quotes around fields that hold delimiters or line ends, any of the
 * three line ends, even mixed. A record with a broken quote is its first line only, so that one stray quote does not
 * swallow the rest of the file. Blank lines are no records, unless a record has one column.
 */
export class CsvScanner implements Scanner {
  readonly #delimiter: number;
  readonly #quote: number;
  #columns: number | undefined;
  #rest = Buffer.alloc(0);
  /** Offset in the file at which the rest begins. */
  #offset = 0;
  #headerEnd = 0;
  #number = 0;
  #began: boolean;
  #headerPending: boolean;
  #skipping = false;
  /** How far the record at the start of the rest has been looked at. */
  #seen = fresh;

  /**
   * @param columns of the file; absent: as many as its header names
   * @param inside true for bytes from within a file, at whose start a byte order mark is text. Default false
   */
  constructor(format: Extract<Format, { kind: 'csv' }>, columns?: number, inside = false) {
    this.#began = inside;
    this.#delimiter = format.delimiter.charCodeAt(0);
    this.#quote = format.quote.charCodeAt(0);
    this.#columns = columns;
    this.#headerPending = format.header;
  }

  /** Offset in the file at which its first record begins. */
  get headerEnd(): number {
    return this.#headerEnd;
  }

  push(bytes: Buffer): Iterable<ScannedRecord> {
    return this.#scan(bytes, false);
  }

  end(): Iterable<ScannedRecord> {
    return this.#scan(Buffer.alloc(0), true);
  }

  *#scan(bytes: Buffer, last: boolean): Iterable<ScannedRecord> {
    const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    // A mark has three bytes; fewer are kept back until it is known.
    if (!this.#began && all.length < 3 && !last) {
      this.#rest = Buffer.from(all);
      return;
    }
    const text = this.#began ? all : withoutMark(all);
    this.#offset += all.length - text.length;
    this.#began = true;
    let start = 0;
    while (start < text.length) {
      if (this.#skipping) {
        const line = this.#firstLine(text, start, last, tooLong);
        // Without a line end all bytes go by, but for a carriage return that may be half of one.
        if (!line) start = text.at(-1) === carriageReturn ? text.length - 1 : text.length;
        if (!line) break;
        start = line.next;
        this.#skipping = false;
        continue;
      }
      const found = this.#record(text, start, last);
      if (!found) break;
      const record = this.#judged(text, start, found);
      start = found.next;
      if (record) yield record;
    }
    if (text.length - start > longestRecordBytes) {
      this.#skipping = true;
      this.#seen = fresh;
      yield { number: ++this.#number, bytes: text.subarray(start), next: this.#offset + text.length, problem: tooLong };
      start = text.length;
    }
    this.#rest = Buffer.from(text.subarray(start));
    this.#offset += start;
  }

  /** The record that starts here, or undefined where its end has not come yet. */
  #record(text: Buffer, start: number, last: boolean): Found | undefined {
    const [delimiter, quote] = [this.#delimiter, this.#quote];
    let { state, fields, filled } = this.#seen;
    const from = start + this.#seen.bytes;
    this.#seen = fresh;
    for (let index = from; index < text.length; index++) {
      const byte = text[index]!;
      if (state === quoted) {
        if (byte !== quote) {
          filled = fields;
          continue;
        }
        if (index + 1 === text.length && !last) return this.#later({ bytes: index - start, state, fields, filled });
        if (text[index + 1] !== quote) {
          state = afterQuote;
          continue;
        }
        index++;
        filled = fields;
      } else if (byte === delimiter) {
        fields++;
        state = fieldStart;
      } else if (byte === lineFeed || byte === carriageReturn) {
        // The line feed of a pair may be in the bytes to come.
        if (byte === carriageReturn && index + 1 === text.length && !last)
          return this.#later({ bytes: index - start, state, fields, filled });
        const pair = byte === carriageReturn && text[index + 1] === lineFeed;
        return { end: index, next: index + (pair ? 2 : 1), fields, filled };
      } else if (state === fieldStart) {
        if (byte === quote) {
          state = quoted;
          continue;
        }
        filled = fields;
        if (byte !== space) state = plain;
      } else if (state === afterQuote && byte !== space) {
        const line = this.#firstLine(text, start, last, 'has text after a closing quote');
        return line && { ...line, seen: index + 1 };
      }
    }
    if (state === quoted && (last || text.length - start > longestRecordBytes)) {
      const line = this.#firstLine(text, start, last, 'has a quote that is not closed');
      return line && { ...line, seen: text.length };
    }
    if (last) return { end: text.length, next: text.length, fields, filled };
    return this.#later({ bytes: text.length - start, state, fields, filled });
  }

  #later(seen: Seen): undefined {
    this.#seen = seen;
  }

  #firstLine(text: Buffer, start: number, last: boolean, problem: string): Found | undefined {
    const end = lineEnd(text, start);
    if (end < 0) return last ? { end: text.length, next: text.length, fields: 0, filled: 0, problem } : undefined;
    if (text[end] === carriageReturn && end + 1 === text.length && !last) return undefined;
    const pair = text[end] === carriageReturn && text[end + 1] === lineFeed;
    return { end, next: end + (pair ? 2 : 1), fields: 0, filled: 0, problem };
  }

  #judged(text: Buffer, start: number, found: Found): ScannedRecord | undefined {
    const { end, fields, filled, problem } = found;
    const next = this.#offset + found.next;
    const bytes = text.subarray(start, end);
    if (this.#headerPending) {
      if (bytes.length === 0) return undefined;
      this.#headerPending = false;
      this.#headerEnd = next;
      this.#columns ??= fields;
      return undefined;
    }
    const columns = this.#columns ?? fields;
    if (bytes.length === 0 && columns > 1) return undefined;
    const number = ++this.#number;
    const seen = found.seen === undefined ? undefined : this.#offset + found.seen;
    if (problem !== undefined) return { number, bytes, next, seen, problem };
    // Delimiters at the end of a line, with nothing between them, are a habit of spreadsheets; they hide nothing.
    if (fields < columns || filled > columns)
      return { number, bytes, next, problem: `has ${fields} ${fields === 1 ? 'field' : 'fields'}, not ${columns}` };
    if (bytes.length > longestRecordBytes) return { number, bytes, next, problem: tooLong };
    return isUtf8(bytes) ? { number, bytes, next } : { number, bytes, next, problem: notText };
  }
}

function lineEnd(text: Buffer, from: number): number {
  const feed = text.indexOf(lineFeed, from);
  const slice = feed < 0 ? text.subarray(from) : text.subarray(from, feed);
  const back = slice.indexOf(carriageReturn);
  return back < 0 ? feed : from + back;
}
