import { kinds, type LinePattern } from './line-pattern.ts';
import { carriageReturn, lineFeed } from './scanner.ts';

const [quote, backslash, space, tab, minus, point, zero, nine] = [0x22, 0x5c, 0x20, 0x09, 0x2d, 0x2e, 0x30, 0x39];
const [mostShort, mostLong, mostPrecise] = [15, 18, 32] as const;
const words = ['true', 'false', 'null'].map((word) => Buffer.from(word));

/** Bytes that are compared four at a time, the last four with what comes before them where there are no four left. */
interface Literal {
  readonly words: Int32Array;
  readonly places: Int32Array;
  readonly length: number;
}

/** What stands before a value has at least four bytes: a bracket or comma, two quotes and a colon. */
function literalOf(bytes: Buffer): Literal {
  const count = Math.ceil(bytes.length / 4);
  const places = Int32Array.from({ length: count }, (_, index) => Math.min(index * 4, bytes.length - 4));
  return { words: places.map((place) => bytes.readInt32LE(place)), places, length: bytes.length };
}

/** Tells which lines follow a pattern to the last byte. All others are odd; what is wrong with them is for others to say. */
export class PatternScanner {
  readonly #literals: readonly Literal[];
  readonly #allowed: Int32Array;
  readonly #closing: Buffer;
  readonly #pairs: boolean;
  #lengths = new Uint32Array(1024);
  /** Lines so far. */
  lines = 0;
  /** Places of lines that do not follow it, from 0. */
  readonly odd: number[] = [];
  /** False where DuckDB may see other lines: blank ones, and such with control characters. */
  sound = true;

  constructor({ literals, allowed, lineEnd }: LinePattern) {
    this.#literals = literals.slice(0, -1).map(literalOf);
    this.#closing = Buffer.concat([literals.at(-1)!, Buffer.from(lineEnd)]);
    this.#allowed = Int32Array.from(allowed);
    this.#pairs = lineEnd === '\r\n';
  }

  /** Bytes of each line with its line end, in their order. */
  get lengths(): Uint32Array {
    return this.#lengths.subarray(0, this.lines);
  }

  /** @param bytes whole lines: a line feed is the last of them */
  push(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let start = 0;
    while (start < bytes.length) {
      let feed = this.#feedBehind(bytes, view, start);
      if (feed < 0) {
        feed = bytes.indexOf(lineFeed, start);
        this.odd.push(this.lines);
        this.sound &&= this.#isPlain(bytes, start, feed);
      }
      if (this.lines === this.#lengths.length) this.#grow();
      this.#lengths[this.lines++] = feed + 1 - start;
      start = feed + 1;
    }
  }

  /** The place of the line feed of a line that follows the pattern, else -1. */
  #feedBehind(bytes: Uint8Array, view: DataView, start: number): number {
    const [literals, allowed, closing] = [this.#literals, this.#allowed, this.#closing];
    let place = start;
    for (let column = 0; column < allowed.length; column++) {
      const { words, places, length } = literals[column]!;
      if (place + length > bytes.length) return -1;
      for (let index = 0; index < words.length; index++)
        if (view.getInt32(place + places[index]!, true) !== words[index]) return -1;
      place += length;
      const may = allowed[column]!;
      const first = bytes[place]!;
      if (first === quote) {
        if ((may & kinds.text) === 0) return -1;
        let byte = bytes[++place]!;
        while (byte !== quote && byte !== backslash && byte >= space) byte = bytes[++place]!;
        if (byte !== quote) return -1;
        place++;
      } else {
        place = first <= nine ? numberEnd(bytes, place, may) : wordEnd(bytes, place, may);
        if (place < 0) return -1;
      }
    }
    for (let index = 0; index < closing.length; index++) if (bytes[place++] !== closing[index]) return -1;
    return place - 1;
  }

  #isPlain(bytes: Uint8Array, start: number, feed: number): boolean {
    const end = this.#pairs && bytes[feed - 1] === carriageReturn ? feed - 1 : feed;
    if (this.#pairs && end === feed) return false;
    let blank = true;
    for (let place = start; place < end; place++) {
      const byte = bytes[place]!;
      if (byte < space && byte !== tab) return false;
      blank &&= byte === space || byte === tab;
    }
    const isMark = bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
    return !blank && !isMark;
  }

  #grow(): void {
    const lengths = new Uint32Array(this.#lengths.length * 2);
    lengths.set(this.#lengths);
    this.#lengths = lengths;
  }
}

/** The place behind a number of one of these kinds, else -1. What becomes of a zero with a sign depends on its type. */
function numberEnd(bytes: Uint8Array, start: number, may: number): number {
  const lead = bytes[start] === minus ? start + 1 : start;
  let place = digitsEnd(bytes, lead);
  const digits = place - lead;
  if (digits === 0 || (bytes[lead] === zero && digits > 1)) return -1;
  let kind: number = digits <= mostShort ? kinds.short : digits <= mostLong ? kinds.long : kinds.number;
  if (bytes[place] === point) {
    const fraction = place + 1;
    place = digitsEnd(bytes, fraction);
    if (place === fraction) return -1;
    const size = place - start;
    kind = size <= mostShort ? kinds.fraction : size <= mostPrecise ? kinds.precise : kinds.number;
  } else if (bytes[lead] === zero && lead > start) return -1;
  return (may & kind) === 0 ? -1 : place;
}

function digitsEnd(bytes: Uint8Array, start: number): number {
  let place = start;
  for (let byte = bytes[place]!; byte >= zero && byte <= nine; byte = bytes[++place]!);
  return place;
}

/** The place behind `true`, `false` or `null`, where these are allowed, else -1. */
function wordEnd(bytes: Uint8Array, start: number, may: number): number {
  for (const word of words) {
    if (word[0] !== bytes[start]) continue;
    const kind = word[0] === 0x6e ? kinds.none : kinds.boolean;
    const isWord = word.every((byte, index) => bytes[start + index] === byte);
    return isWord && (may & kind) !== 0 ? start + word.length : -1;
  }
  return -1;
}
