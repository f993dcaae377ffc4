import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { InputMalformedError } from '../errors.ts';

const [open, close, openObject, closeObject, quote, backslash, comma, newline, carriageReturn, space] = [
  ...'[]{}"\\,\n\r ',
].map((letter) => letter.charCodeAt(0));
/** One element may not be longer: a file that never closes its first element must not fill the disk twice. */
const longestElementBytes = 16 * 1024 * 1024;

/**
 * Cuts a JSON array into lines, one element each, in one pass and with flat memory. Only brackets and strings are
 * looked at: whether an element is JSON is judged row by row later.
 */
export async function splitJsonArray(from: string, to: string): Promise<void> {
  const output = createWriteStream(to);
  const splitter = new Splitter(from);
  try {
    for await (const chunk of unpacked(from)) {
      const lines = splitter.push(chunk as Buffer);
      if (lines.length > 0 && !output.write(lines)) await once(output, 'drain');
    }
    splitter.end();
  } finally {
    output.end();
    await finished(output);
  }
}

function unpacked(path: string): AsyncIterable<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
  if (path.endsWith('.gz')) return file.pipe(createGunzip());
  if (path.endsWith('.zst')) return file.pipe(createZstdDecompress());
  return file;
}

class Splitter {
  readonly #path: string;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #done = false;
  #began = false;
  #elementBytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** The part of the output that these bytes give: elements as they are, each ended by a line feed. */
  push(chunk: Buffer): Buffer {
    const bytes = Buffer.allocUnsafe(chunk.length + 1);
    let length = 0;
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index]!;
      if (this.#depth === 0) {
        this.#outside(byte);
        continue;
      }
      const ends = this.#depth === 1 && !this.#inString && (byte === comma || byte === close);
      if (!ends) {
        this.#inside(byte);
        const blank = byte === newline || byte === carriageReturn;
        if (this.#elementBytes > 0 || !(blank || byte === space)) {
          bytes[length++] = blank ? space! : byte;
          if (++this.#elementBytes > longestElementBytes)
            throw this.#malformed(`an element is longer than ${longestElementBytes} bytes`);
        }
        continue;
      }
      if (this.#elementBytes > 0) bytes[length++] = newline!;
      this.#elementBytes = 0;
      if (byte === close) this.#depth = 0;
      if (byte === close) this.#done = true;
    }
    return bytes.subarray(0, length);
  }

  end(): void {
    if (!this.#began) throw this.#malformed('it is empty');
    if (!this.#done) throw this.#malformed('it ends inside the array: it was cut short');
  }

  #outside(byte: number): void {
    if (byte === space || byte === newline || byte === carriageReturn || byte === 9) return;
    // A byte order mark comes before anything else.
    if (!this.#began && (byte === 0xef || byte === 0xbb || byte === 0xbf)) return;
    if (this.#done) throw this.#malformed('something follows the end of the array');
    if (byte !== open) throw this.#malformed(`it begins with "${String.fromCharCode(byte)}", not with "["`);
    this.#began = true;
    this.#depth = 1;
  }

  #inside(byte: number): void {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = true;
      else if (byte === quote) this.#inString = false;
      return;
    }
    if (byte === quote) this.#inString = true;
    else if (byte === open || byte === openObject) this.#depth++;
    else if (byte === close || byte === closeObject) this.#depth = Math.max(1, this.#depth - 1);
  }

  #malformed(why: string): InputMalformedError {
    return new InputMalformedError({
      problem: `${this.#path.split('/').at(-1)} is not a JSON array: ${why}`,
      received: why,
      allowed: 'one JSON array of objects',
      change: 'send the whole file again, or set the format of the source to ndjson',
    });
  }
}
