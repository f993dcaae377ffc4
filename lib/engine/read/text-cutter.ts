import type { Format } from '../../component/connector.ts';
import { CsvScanner } from './csv-scanner.ts';
import { LineScanner } from './line-scanner.ts';
import { type ScannedRecord, tooLong, withoutMark } from './scanner.ts';

/** A part of a text file that holds whole records. */
export interface CutPart {
  /** Byte offsets, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** Bytes at the start of the file that name the columns. */
  readonly header: number;
  /** Records before it. */
  readonly recordsBefore: number;
  /** What the part lacks at its end to be a file. Absent: nothing. */
  readonly end?: string;
}

/**
 * Finds places in a text file at which no record is cut, by the same scanner that judges records: a line end in quotes
 * is none, and a quote that is never closed ends with its line. Takes the bytes from the first to the last.
 */
export class TextCutter {
  readonly #scanner: CsvScanner | LineScanner;
  readonly #partBytes: number;
  readonly #parts: Omit<CutPart, 'header'>[] = [];
  #from = 0;
  #recordsBefore = 0;
  #records = 0;
  /** Where the last record ended, and whether a part may end there. */
  #next = 0;
  #cuttable = false;
  #seen = 0;
  /** Where the last record ended that nothing behind it can change. */
  #whole = { to: 0, records: 0 };

  /**
   * @param columns of a CSV file without a header
   * @param partBytes what a part should have at least
   */
  constructor(format: Extract<Format, { kind: 'csv' | 'ndjson' }>, columns: number, partBytes: number) {
    this.#scanner =
      format.kind === 'csv' ? new CsvScanner(format, format.header ? undefined : columns) : new LineScanner();
    this.#partBytes = partBytes;
  }

  push(bytes: Buffer): void {
    this.#take(this.#scanner.push(bytes));
  }

  /** The parts, which together are all of the file. */
  end(size: number): CutPart[] {
    this.#take(this.#scanner.end());
    if (size > this.#from) this.#cut(size);
    const header = this.#scanner instanceof CsvScanner ? this.#scanner.headerEnd : 0;
    return this.#parts.map((part, index) =>
      index === 0 ? { ...part, from: Math.max(part.from, header), header } : { ...part, header },
    );
  }

  /**
   * The parts of the records that have ended, of a file that goes on to grow; and where they end, with which record. None
   * where no record has.
   */
  ended(): { readonly parts: CutPart[]; readonly to: number; readonly records: number; readonly header: number } {
    const header = this.#scanner instanceof CsvScanner ? this.#scanner.headerEnd : 0;
    const { to, records } = this.#whole;
    const rest = { from: this.#from, to, recordsBefore: this.#recordsBefore };
    const parts = to > this.#from ? [...this.#parts, rest] : this.#parts;
    const named = parts.map((part) => ({ ...part, from: Math.max(part.from, header), header }));
    return { parts: named, to, records, header };
  }

  #take(records: Iterable<ScannedRecord>): void {
    for (const { number, bytes, next, seen, problem } of records) {
      // At the start of a file these bytes would be a mark, which is none of the record.
      if (this.#cuttable && !startsWithMark(bytes)) this.#cut(this.#next);
      [this.#records, this.#next] = [number, next];
      this.#seen = Math.max(this.#seen, seen ?? next);
      if (next >= this.#seen && problem !== tooLong) this.#whole = { to: next, records: number };
      // A part must hold all that was looked at to judge its records; of a record that is too long the rest may still come.
      this.#cuttable = next - this.#from >= this.#partBytes && next >= this.#seen && problem !== tooLong;
    }
  }

  #cut(to: number): void {
    this.#parts.push({ from: this.#from, to, recordsBefore: this.#recordsBefore });
    this.#from = to;
    this.#recordsBefore = this.#records;
  }
}

function startsWithMark(bytes: Buffer): boolean {
  return withoutMark(bytes).length < bytes.length;
}
