import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, rmSync, unlink } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../lib/core/clock.ts';
import type { BodyChecks } from './body-checks.ts';
import type { IncomingBody } from './incoming-body.ts';
import { Md5Threads } from './md5-threads.ts';
import type { Extent } from './object-version.ts';
import { Packs } from './packs.ts';
import { writeLarge } from './write-large.ts';

/** Bodies up to this size share files, are written in one go and read in one go. */
export const smallBytes = 64 * 1024;

/** The bytes of objects, in files under random ids. What has been written never changes. */
export class DataFiles {
  readonly #root: string;
  readonly #folders = new Set<string>();
  readonly #packs = new Packs((file) => this.path(file));
  readonly #threads: Md5Threads;
  readonly #holds = new Map<string, number>();
  readonly #doomed = new Set<string>();

  constructor(root: string, clock: Clock) {
    this.#root = root;
    this.#threads = new Md5Threads(clock);
  }

  path(file: string): string {
    const folder = file.slice(-2);
    if (!this.#folders.has(folder)) {
      mkdirSync(join(this.#root, folder), { recursive: true });
      this.#folders.add(folder);
    }
    return join(this.#root, folder, file);
  }

  /** Writes a body of any length with flat memory, and runs it through its checks. Where it fails, nothing is left. */
  async write(body: IncomingBody, checks: BodyChecks): Promise<Extent> {
    if (body.length !== undefined && body.length <= smallBytes) return this.#writeSmall(body, checks);
    const file = randomBytes(16).toString('hex');
    const handle = await open(this.path(file), 'wx');
    try {
      return { file, size: await writeLarge(handle, body, checks, this.#threads) };
    } catch (error) {
      this.remove({ file, size: 0 });
      throw error;
    } finally {
      await handle.close();
    }
  }

  /** The same bytes once more, for as long as they are wanted: a second name for the file where that is possible. */
  async duplicate(extent: Extent): Promise<Extent> {
    if (Packs.isPack(extent.file)) return this.#packs.write(this.#packs.read(extent));
    const file = randomBytes(16).toString('hex');
    this.hold(extent.file);
    try {
      linkSync(this.path(extent.file), this.path(file));
    } catch {
      // The file system has no links, or no more of them for this file.
      await copyFile(this.path(extent.file), this.path(file));
    } finally {
      this.release(extent.file);
    }
    return { file, size: extent.size };
  }

  /** The bytes of a small extent. */
  readPacked(extent: Extent): Buffer {
    return this.#packs.read(extent);
  }

  /** Keeps a file for a reader although its object may be overwritten meanwhile. */
  hold(file: string): void {
    this.#holds.set(file, (this.#holds.get(file) ?? 0) + 1);
  }

  release(file: string): void {
    const left = (this.#holds.get(file) ?? 1) - 1;
    if (left > 0) this.#holds.set(file, left);
    else {
      this.#holds.delete(file);
      if (this.#doomed.delete(file)) this.#unlink(file);
    }
  }

  /** Lets an extent go; its file is removed when nothing else is in it and its last reader is done. */
  remove(extent: Extent): void {
    const { file } = extent;
    if (Packs.isPack(file) && !this.#packs.forget(extent)) return;
    if (this.#holds.has(file)) this.#doomed.add(file);
    else this.#unlink(file);
  }

  /** Takes note of what is needed, and removes what a crash left behind. */
  restore(extents: readonly Extent[]): void {
    this.#packs.restore(extents);
    const needed = new Set(extents.map(({ file }) => file));
    for (const folder of readdirSync(this.#root)) {
      for (const file of readdirSync(join(this.#root, folder))) {
        if (!needed.has(file)) rmSync(join(this.#root, folder, file), { force: true });
      }
    }
  }

  async close(): Promise<void> {
    this.#packs.close();
    await this.#threads.close();
  }

  async #writeSmall(body: IncomingBody, checks: BodyChecks): Promise<Extent> {
    const bytes = await (body.whole?.() ?? joined(body));
    checks.update(bytes);
    return this.#packs.write(bytes);
  }

  /** A file that cannot be removed now is left to `restore` at the next start. */
  #unlink(file: string): void {
    unlink(this.path(file), () => {});
  }
}

async function joined(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}
