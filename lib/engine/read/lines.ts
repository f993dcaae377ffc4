import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

const flushBytes = 256 * 1024;
const newline = Buffer.from('\n');

/** Lines on their way to a file, in large writes. */
export class Lines {
  readonly #file: WriteStream;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(path: string) {
    this.#file = createWriteStream(path);
  }

  /** Adds one line. */
  add(...parts: Buffer[]): void {
    for (const part of [...parts, newline]) {
      this.#parts.push(part);
      this.#bytes += part.length;
    }
  }

  /** Writes what has gathered, if it is at least this much. */
  async flush(least = flushBytes): Promise<void> {
    if (this.#bytes < least) return;
    const all = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    if (!this.#file.write(all)) await once(this.#file, 'drain');
  }

  async close(): Promise<void> {
    await this.flush(1);
    this.#file.end();
    await finished(this.#file);
  }
}
