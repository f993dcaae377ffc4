import { close, comma, isBlank, isMark, JsonNesting, open } from './json-nesting.ts';
import type { CutPart } from './text-cutter.ts';

/**
 * Finds places in a JSON array at which no element is cut, by what the splitter of elements follows as well. A part is an
 * array of its own once it has the bytes up to the opening bracket before it and a bracket behind. Takes the bytes from
 * the first to the last.
 */
export class JsonArrayCutter {
  readonly #partBytes: number;
  readonly #parts: Omit<CutPart, 'header'>[] = [];
  readonly #nesting = new JsonNesting();
  #state: 'before' | 'inside' | 'after' | 'no array' = 'before';
  #header = 0;
  #at = 0;
  #from = 0;
  #recordsBefore = 0;
  /** Each ends a record, be it one that is missing. */
  #commas = 0;
  /** Place of the comma before which a part may end, once an element follows it: a missing one is told by its commas. */
  #cuttable = -1;

  /** @param partBytes what a part should have at least */
  constructor(partBytes: number) {
    this.#partBytes = partBytes;
  }

  push(bytes: Buffer): void {
    for (let index = 0; index < bytes.length; index++) {
      if (this.#state === 'inside') this.#inside(bytes[index]!, this.#at + index);
      else if (this.#state === 'before') this.#before(bytes[index]!, this.#at + index);
      else break;
    }
    this.#at += bytes.length;
  }

  /** The parts, which together are all of the file; none where it is no array. */
  end(size: number): CutPart[] {
    if (this.#header === 0) return [];
    const last = { from: this.#from, to: size, recordsBefore: this.#recordsBefore };
    return [...this.#parts, last].map((part) => ({ ...part, header: this.#header }));
  }

  #before(byte: number, at: number): void {
    if (isBlank(byte) || isMark(byte)) return;
    this.#state = byte === open ? 'inside' : 'no array';
    if (byte !== open) return;
    this.#header = at + 1;
    this.#from = at + 1;
    this.#nesting.depth = 1;
  }

  #inside(byte: number, at: number): void {
    const nesting = this.#nesting;
    if (nesting.depth > 1 || nesting.inString) {
      nesting.take(byte);
    } else if (byte === comma) {
      this.#commas++;
      this.#cuttable = at - this.#from >= this.#partBytes ? at : -1;
    } else if (byte === close) {
      this.#state = 'after';
    } else if (!isBlank(byte)) {
      if (this.#cuttable >= 0) this.#cut(this.#cuttable);
      nesting.take(byte);
    }
  }

  #cut(to: number): void {
    this.#parts.push({ from: this.#from, to, recordsBefore: this.#recordsBefore, end: ']' });
    this.#from = to + 1;
    this.#recordsBefore = this.#commas;
    this.#cuttable = -1;
  }
}
