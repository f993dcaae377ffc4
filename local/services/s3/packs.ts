import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { Extent } from './object-version.ts';

/** A pack that has grown to this size is left as it is, and the next one begun. */
const packBytes = 4 * 1024 * 1024;
/** How many packs are kept open for reading. */
const mostOpen = 64;
const prefix = 'pack-';

interface Waiting {
  readonly extent: Extent;
  readonly bytes: Uint8Array;
  readonly resolve: (extent: Extent) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Small bodies one after another in larger files: to make a file costs ten times what it costs to write a kilobyte.
 * The room of a body comes back when nothing is left in its pack.
 */
export class Packs {
  readonly #path: (file: string) => string;
  /** Bytes that are still needed, by pack. */
  readonly #live = new Map<string, number>();
  readonly #open = new Map<string, number>();
  #current: { readonly file: string; end: number } | undefined;
  /** What is to be written at the end of this turn of the event loop. */
  readonly #waiting: Waiting[] = [];

  constructor(path: (file: string) => string) {
    this.#path = path;
  }

  static isPack(file: string): boolean {
    return file.startsWith(prefix);
  }

  /** Takes note of what a store that was opened again holds. */
  restore(extents: Iterable<Extent>): void {
    for (const { file, size } of extents) {
      if (Packs.isPack(file)) this.#live.set(file, (this.#live.get(file) ?? 0) + size);
    }
  }

  /** Resolves when the bytes are in their file; those of one turn of the event loop are written in one go. */
  write(bytes: Uint8Array): Promise<Extent> {
    if (!this.#current || this.#current.end >= packBytes) {
      this.#current = { file: prefix + randomBytes(16).toString('hex'), end: 0 };
      this.#live.set(this.#current.file, 0);
    }
    const { file, end: offset } = this.#current;
    this.#current.end += bytes.length;
    this.#live.set(file, this.#live.get(file)! + bytes.length);
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({ extent: { file, offset, size: bytes.length }, bytes, resolve, reject });
    });
  }

  #flush(): void {
    for (const [file, writes] of Map.groupBy(this.#waiting.splice(0), ({ extent }) => extent.file)) {
      try {
        writeFully(this.#descriptor(file, 'a+'), Buffer.concat(writes.map(({ bytes }) => bytes)));
        for (const { extent, resolve } of writes) resolve(extent);
      } catch (error) {
        // How much of it is in the file is not known: what comes next goes into another one.
        this.#current = undefined;
        for (const { extent, reject } of writes) {
          this.forget(extent);
          reject(error as Error);
        }
      }
    }
  }

  read({ file, offset = 0, size }: Extent): Buffer {
    const bytes = Buffer.allocUnsafe(size);
    const read = readSync(this.#descriptor(file, 'r'), bytes, 0, size, offset);
    if (read !== size) throw new Error(`data file ${file} is shorter than its objects`);
    return bytes;
  }

  /** Lets an extent go. True where the pack is not needed any more and is to be removed. */
  forget({ file, size }: Extent): boolean {
    const left = (this.#live.get(file) ?? 0) - size;
    this.#live.set(file, left);
    // Empty bodies take no room and cannot keep a pack.
    if (left > 0 || file === this.#current?.file) return false;
    this.#live.delete(file);
    this.#shut(file);
    return true;
  }

  close(): void {
    this.#flush();
    for (const file of [...this.#open.keys()]) this.#shut(file);
  }

  #descriptor(file: string, flags: string): number {
    let descriptor = this.#open.get(file);
    if (descriptor !== undefined) return descriptor;
    const oldest =
      this.#open.size < mostOpen ? undefined : [...this.#open.keys()].find((each) => each !== this.#current?.file);
    if (oldest !== undefined) this.#shut(oldest);
    descriptor = openSync(this.#path(file), flags);
    this.#open.set(file, descriptor);
    return descriptor;
  }

  #shut(file: string): void {
    const descriptor = this.#open.get(file);
    if (descriptor !== undefined) closeSync(descriptor);
    this.#open.delete(file);
  }
}

function writeFully(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
