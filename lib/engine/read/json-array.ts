import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { InputMalformedError } from '../errors.ts';
import { untilThen } from '../source-files.ts';
import {
  carriageReturn,
  close,
  comma,
  isBlank,
  isMark,
  JsonNesting,
  newline,
  open,
  space,
  tab,
} from './json-nesting.ts';
import { longestRecordBytes } from './scanner.ts';

const verticalTab = 11;

/**
 * Cuts a JSON array into lines, one element each, in one pass and with flat memory. Only brackets and strings are
 * looked at: whether an element is JSON is judged row by row later.
 */
export async function splitJsonArray(from: string, to: string, key: string): Promise<void> {
  const output = createWriteStream(to);
  const splitter = new Splitter(key);
  try {
    for await (const chunk of createReadStream(from, { highWaterMark: 1024 * 1024 })) {
      const lines = splitter.push(chunk as Buffer);
      if (lines.length > 0 && !output.write(lines)) await once(output, 'drain');
    }
    splitter.end();
  } finally {
    output.end();
    await finished(output);
  }
}

/** The elements of a small array, a line each. */
export function jsonArrayLines(bytes: Buffer, key: string): Buffer {
  const splitter = new Splitter(key);
  const lines = splitter.push(bytes);
  splitter.end();
  return lines;
}

class Splitter {
  readonly #key: string;
  readonly #nesting = new JsonNesting();
  #done = false;
  #began = false;
  #elementBytes = 0;
  /** True after a comma, until the element that it promises begins. */
  #promised = false;

  constructor(key: string) {
    this.#key = key;
  }

  /** The part of the output that these bytes give: elements as they are, each ended by a line feed. */
  push(chunk: Buffer): Buffer {
    const bytes = Buffer.allocUnsafe(chunk.length * 2);
    const nesting = this.#nesting;
    let length = 0;
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index]!;
      if (nesting.depth === 0) {
        this.#outside(byte);
      } else if (nesting.depth === 1 && !nesting.inString && (byte === comma || byte === close)) {
        // Between two commas there is an element that is none: a line that no JSON reader takes stands for it.
        if (this.#elementBytes === 0 && (byte === comma || this.#promised)) bytes[length++] = comma!;
        if (this.#elementBytes > 0 || byte === comma || this.#promised) bytes[length++] = newline!;
        this.#elementBytes = 0;
        this.#promised = byte === comma;
        if (byte === comma) continue;
        nesting.depth = 0;
        this.#done = true;
      } else {
        const line = byte === newline || byte === carriageReturn;
        // A bare line end makes a string malformed; it must not become well-formed by our doing.
        const kept = line ? (nesting.inString ? verticalTab : space!) : byte;
        nesting.take(byte);
        if (this.#elementBytes === 0 && (kept === space || kept === tab)) continue;
        bytes[length++] = kept;
        if (++this.#elementBytes > longestRecordBytes)
          throw this.#malformed(`an element is longer than ${longestRecordBytes} bytes`);
      }
    }
    return bytes.subarray(0, length);
  }

  end(): void {
    if (!this.#began) throw this.#malformed('it is empty');
    if (!this.#done) throw this.#malformed('it ends inside the array: it was cut short');
  }

  #outside(byte: number): void {
    if (isBlank(byte)) return;
    // A byte order mark comes before anything else.
    if (!this.#began && isMark(byte)) return;
    if (this.#done) throw this.#malformed('something follows the end of the array');
    if (byte !== open) throw this.#malformed(`it begins with "${String.fromCharCode(byte)}", not with "["`);
    this.#began = true;
    this.#nesting.depth = 1;
  }

  #malformed(why: string): InputMalformedError {
    return new InputMalformedError({
      problem: `${this.#key} is not a JSON array: ${why}`,
      received: why,
      allowed: 'one JSON array of objects',
      change: `send the whole file again under the same name, or set the format of the source to ndjson; ${untilThen}`,
    });
  }
}
