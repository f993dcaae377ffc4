import { closeSync, openSync, read, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { type DataFiles, smallBytes } from './data-files.ts';
import type { DataPart } from './object-version.ts';
import { Packs } from './packs.ts';

const readBytes = 512 * 1024;

/** A run of bytes within one file; `end` is not included. */
interface Piece {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** The files of bodies that nobody reads to the end are let go when the body is collected. */
const abandoned = new FinalizationRegistry<() => void>((release) => release());

/** Bytes `start` to `end` (exclusive) of an object as a stream; they stay readable although the object is overwritten. */
export class ObjectBody extends Readable {
  readonly length: number;
  readonly #files: DataFiles;
  readonly #pieces: Piece[];
  readonly #release: () => void;
  #descriptor: number | undefined;
  #position = 0;
  #reading = false;

  constructor(files: DataFiles, parts: readonly DataPart[], start: number, end: number) {
    super({ highWaterMark: readBytes });
    this.length = end - start;
    this.#files = files;
    const pieces = piecesOf(parts, start, end);
    this.#pieces = pieces;
    const held = new Set(pieces.map(({ file }) => file));
    for (const file of held) files.hold(file);
    this.#release = () => {
      for (const file of held) files.release(file);
      held.clear();
    };
    abandoned.register(this, this.#release);
  }

  /** All bytes at once, where they are few; undefined for a body that is better streamed. */
  small(): Buffer | undefined {
    if (this.length > smallBytes) return undefined;
    const bytes = this.#pieces.map((piece) => this.#readWhole(piece));
    this.destroy();
    return bytes.length === 1 ? bytes[0] : Buffer.concat(bytes);
  }

  override _read(): void {
    const piece = this.#pieces[0];
    if (!piece) {
      this.push(null);
      return;
    }
    try {
      if (this.#descriptor === undefined) {
        this.#descriptor = openSync(this.#files.path(piece.file), 'r');
        this.#position = piece.start;
      }
    } catch (error) {
      this.destroy(error as Error);
      return;
    }
    const size = Math.min(readBytes, piece.end - this.#position);
    const buffer = Buffer.allocUnsafeSlow(size);
    this.#reading = true;
    read(this.#descriptor, buffer, 0, size, this.#position, (error, bytes) => {
      this.#reading = false;
      if (this.destroyed) return this.#close();
      if (error ?? bytes === 0)
        return this.destroy(error ?? new Error(`data file ${piece.file} is shorter than its object`));
      this.#position += bytes;
      if (this.#position >= piece.end) this.#nextPiece();
      this.push(bytes === size ? buffer : buffer.subarray(0, bytes));
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // A descriptor closed under a read could be another file by the time that the read happens.
    if (!this.#reading) this.#close();
    this.#release();
    done(error);
  }

  #readWhole({ file, start, end }: Piece): Buffer {
    if (Packs.isPack(file)) return this.#files.readPacked({ file, offset: start, size: end - start });
    const bytes = Buffer.allocUnsafe(end - start);
    const descriptor = openSync(this.#files.path(file), 'r');
    try {
      readSync(descriptor, bytes, 0, bytes.length, start);
    } finally {
      closeSync(descriptor);
    }
    return bytes;
  }

  #nextPiece(): void {
    this.#close();
    this.#pieces.shift();
  }

  #close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

function piecesOf(parts: readonly DataPart[], start: number, end: number): Piece[] {
  const pieces: Piece[] = [];
  let offset = 0;
  for (const { file, size, offset: begin = 0 } of parts) {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, size);
    if (from < to) pieces.push({ file, start: begin + from, end: begin + to });
    offset += size;
  }
  return pieces;
}
