/** A path that is not written as paths are. */
export class PathSyntaxError extends Error {
  constructor(text: string, position: number) {
    super(
      `unexpected ${text[position] === undefined ? 'end' : `"${text[position]}"`} at position ${position} of "${text}"`,
    );
    this.name = 'PathSyntaxError';
  }
}

/** Reads a text from left to right. */
export class Reader {
  readonly text: string;
  position: number;

  constructor(text: string, position = 0) {
    this.text = text;
    this.position = position;
  }

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  peek(): string {
    return this.text[this.position] ?? '';
  }

  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.position)) return false;
    this.position += expected.length;
    return true;
  }

  takeAfterSpace(expected: string): boolean {
    const before = this.position;
    this.skipSpace();
    if (this.take(expected)) return true;
    this.position = before;
    return false;
  }

  expect(expected: string): void {
    if (!this.take(expected)) throw new PathSyntaxError(this.text, this.position);
  }

  skipSpace(): void {
    while (/\s/.test(this.peek())) this.position++;
  }

  takeWhile(wanted: (character: string) => boolean): string {
    const start = this.position;
    while (!this.atEnd && wanted(this.peek())) this.position++;
    return this.text.slice(start, this.position);
  }

  /** The text that the pattern (sticky) matches here, or undefined. */
  match(pattern: RegExp): string | undefined {
    const sticky = new RegExp(pattern.source, `${pattern.flags}y`);
    sticky.lastIndex = this.position;
    const found = sticky.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  readInteger(): number | undefined {
    const digits = this.match(/-?\d+/);
    return digits === undefined ? undefined : Number(digits);
  }

  /** A string in single or double quotes, in which a backslash makes the next character plain. */
  readString(): string {
    const quote = this.peek();
    if (quote !== "'" && quote !== '"') throw new PathSyntaxError(this.text, this.position);
    this.position++;
    let value = '';
    while (!this.atEnd && this.peek() !== quote) {
      if (this.peek() === '\\') this.position++;
      value += this.peek();
      this.position++;
    }
    this.expect(quote);
    return value;
  }
}
