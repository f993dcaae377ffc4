import { type FileHandle, open } from 'node:fs/promises';

const flushBytes = 1024 * 1024;
const newline = Buffer.from('\n');

/** Lines on their way to a file, in large writes. */
export class Lines {
  readonly #path: string;
  #file: FileHandle | undefined;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(path: string) {
    this.#path = path;
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
    const file = await this.#opened();
    await file.appendFile(all);
  }

  /** Writes the rest. Without any line the file is empty. */
  async close(): Promise<void> {
    const file = await this.#opened();
    try {
      await this.flush(1);
    } finally {
      await file.close();
    }
  }

  async #opened(): Promise<FileHandle> {
    this.#file ??= await open(this.#path, 'w');
    return this.#file;
  }
}
