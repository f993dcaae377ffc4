import { carriageReturn, lineFeed } from './scanner.ts';

/** How the lines of a text end. */
export interface LineLook {
  /** `none`: no carriage return occurs; `pairs`: every line ends in one and a line feed; `mixed`: anything else. */
  readonly returns: 'none' | 'pairs' | 'mixed';
  /** Lines that are not blank; a line feed ends each but the last. */
  readonly lines: number;
}

/** Looks at the line ends of a text whose bytes come piece by piece. */
export class LineEnds {
  #lines = 0;
  #feeds = 0;
  #pairs = 0;
  /** A carriage return occurs that no line feed follows. */
  #isLone = false;
  /** Bytes so far of the line that is not at its end, and the last of them. */
  #begun = 0;
  #last: number | undefined;

  push(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#last === carriageReturn && bytes[0] !== lineFeed) this.#isLone = true;
    let start = -this.#begun;
    for (let feed = bytes.indexOf(lineFeed); feed >= 0; feed = bytes.indexOf(lineFeed, start)) {
      const isPair = (feed > 0 ? bytes[feed - 1] : this.#last) === carriageReturn;
      this.#feeds++;
      if (isPair) this.#pairs++;
      if (feed - start > (isPair ? 1 : 0)) this.#lines++;
      start = feed + 1;
    }
    this.#isLone ||= hasLoneReturn(bytes);
    this.#begun = bytes.length - start;
    this.#last = bytes.at(-1);
  }

  end(): LineLook {
    const isLone = this.#isLone || this.#last === carriageReturn;
    const isAllPairs = this.#pairs === this.#feeds;
    const returns = isLone ? 'mixed' : this.#pairs === 0 ? 'none' : isAllPairs ? 'pairs' : 'mixed';
    return { returns, lines: this.#lines + (this.#begun > 0 ? 1 : 0) };
  }
}

/** The last byte aside, whose successor has not come. */
function hasLoneReturn(bytes: Buffer): boolean {
  for (let back = bytes.indexOf(carriageReturn); back >= 0; back = bytes.indexOf(carriageReturn, back + 1))
    if (back + 1 < bytes.length && bytes[back + 1] !== lineFeed) return true;
  return false;
}
