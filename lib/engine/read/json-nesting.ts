export const [open, close, openObject, closeObject, quote, backslash, comma, newline, carriageReturn, space] = [
  ...'[]{}"\\,\n\r ',
].map((letter) => letter.charCodeAt(0));
export const tab = 9;

/** Follows the brackets and strings inside a JSON array byte by byte; whether what they hold is JSON is for others. */
export class JsonNesting {
  /** 0 outside of the array, 1 between its elements and in those that are no lists and objects. */
  depth = 0;
  inString = false;
  #escaped = false;

  /** A byte of an element. */
  take(byte: number): void {
    if (this.inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = true;
      else if (byte === quote) this.inString = false;
      return;
    }
    if (byte === quote) this.inString = true;
    else if (byte === open || byte === openObject) this.depth++;
    else if (byte === close || byte === closeObject) this.depth = Math.max(1, this.depth - 1);
  }
}

/** True for what may stand around elements. */
export function isBlank(byte: number): boolean {
  return byte === space || byte === newline || byte === carriageReturn || byte === tab;
}

/** True for bytes of a byte order mark, which may come before the array. */
export function isMark(byte: number): boolean {
  return byte === 0xef || byte === 0xbb || byte === 0xbf;
}
