import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, rmSync, unlink, writeFileSync } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes gathered before they are written; hashing one batch overlaps with writing the one before. */
const batchBytes = 1024 * 1024;
/** Up to this size a synchronous write costs less than a trip through the thread pool. */
export const smallBytes = 64 * 1024;

/** Files of bytes under random ids. What is in a file never changes. */
export class DataFiles {
  readonly #root: string;
  readonly #folders = new Set<string>();
  readonly #holds = new Map<string, number>();
  readonly #doomed = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  path(id: string): string {
    return join(this.#root, id.slice(0, 2), id);
  }

  writeSmall(bytes: Uint8Array): string {
    const id = this.#fresh();
    writeFileSync(this.path(id), bytes, { flag: 'wx' });
    return id;
  }

  /** Writes a stream of any length with flat memory; `seen` is called with each chunk while the disk works. */
  async write(
    body: AsyncIterable<Uint8Array>,
    seen: (chunk: Uint8Array) => void,
  ): Promise<{ id: string; size: number }> {
    const id = this.#fresh();
    const file = await open(this.path(id), 'wx');
    let size = 0;
    let batch: Uint8Array[] = [];
    let bytes = 0;
    let writing: Promise<unknown> = Promise.resolve();
    const flush = async () => {
      await writing;
      writing = file.writev(batch);
      // The failure is met at the next await; until then it must not count as unhandled.
      writing.catch(() => {});
      batch = [];
      bytes = 0;
    };
    try {
      for await (const chunk of body) {
        seen(chunk);
        size += chunk.length;
        bytes += chunk.length;
        batch.push(chunk);
        if (bytes >= batchBytes) await flush();
      }
      if (batch.length > 0) await flush();
      await writing;
    } catch (error) {
      await writing.catch(() => {});
      this.remove(id);
      throw error;
    } finally {
      await file.close();
    }
    return { id, size };
  }

  /** A second name for the same bytes: a hard link, or a copy where the file system has no room for one. */
  async duplicate(id: string): Promise<string> {
    const copy = this.#fresh();
    try {
      linkSync(this.path(id), this.path(copy));
    } catch {
      await copyFile(this.path(id), this.path(copy));
    }
    return copy;
  }

  /** Keeps a file for a reader although its object may be overwritten meanwhile. */
  hold(id: string): void {
    this.#holds.set(id, (this.#holds.get(id) ?? 0) + 1);
  }

  release(id: string): void {
    const left = (this.#holds.get(id) ?? 1) - 1;
    if (left > 0) this.#holds.set(id, left);
    else {
      this.#holds.delete(id);
      if (this.#doomed.delete(id)) this.remove(id);
    }
  }

  /** Removes a file, when its last reader is done. One that cannot be removed is left to `keepOnly` at the next start. */
  remove(id: string): void {
    if (this.#holds.has(id)) this.#doomed.add(id);
    else unlink(this.path(id), () => {});
  }

  /** Removes what a crash left behind: files that nothing refers to. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const folder of readdirSync(this.#root)) {
      for (const id of readdirSync(join(this.#root, folder))) {
        if (!ids.has(id)) rmSync(this.path(id), { force: true });
      }
    }
  }

  #fresh(): string {
    const id = randomBytes(16).toString('hex');
    const folder = id.slice(0, 2);
    if (!this.#folders.has(folder)) {
      mkdirSync(join(this.#root, folder), { recursive: true });
      this.#folders.add(folder);
    }
    return id;
  }
}
