import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { InputMissingError } from '../../lib/core/errors/input-missing-error.ts';
import type {
  ByteRange,
  CreateOptions,
  ObjectAddress,
  ObjectStore,
  StoredObject,
  WriteOutcome,
} from '../../lib/runtime/ports/object-store.ts';

/** A lake that is a folder of this machine: the bench measures work, not a network. Files change hands by links. */
export class FolderStore implements ObjectStore {
  readonly uri: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.uri = `file://${folder}`;
  }

  path(key: string): string {
    return join(this.#folder, key);
  }

  async find({ key }: ObjectAddress): Promise<StoredObject | undefined> {
    const found = await stat(this.path(key)).catch(() => undefined);
    return found?.isFile() ? { key, size: found.size } : undefined;
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
    const keys = entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.#folder, join(entry.parentPath, entry.name)));
    for (const key of keys.filter((one) => one.startsWith(prefix)).sort()) yield (await this.find({ key }))!;
  }

  async download({ key }: ObjectAddress, path: string): Promise<void> {
    await link(await this.#existing(key), path);
  }

  async readRange({ key }: ObjectAddress, from: number, to: number): Promise<Buffer> {
    const file = await open(await this.#existing(key));
    try {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(to - from), 0, to - from, from);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  async *streamRange({ key }: ObjectAddress, { from, to }: ByteRange): AsyncIterable<Uint8Array> {
    yield* createReadStream(await this.#existing(key), { start: from, end: to - 1 });
  }

  async readText(key: string): Promise<string | undefined> {
    return (await this.find({ key })) && readFile(this.path(key), 'utf8');
  }

  async readBytes(key: string): Promise<Buffer | undefined> {
    return (await this.find({ key })) && readFile(this.path(key));
  }

  createBytes(key: string, bytes: Buffer): Promise<WriteOutcome> {
    return this.createText(key, bytes);
  }

  async createText(key: string, text: string | Buffer): Promise<WriteOutcome> {
    if (await this.find({ key })) return 'exists';
    await mkdir(dirname(this.path(key)), { recursive: true });
    await writeFile(this.path(key), text);
    return 'written';
  }

  async createFromFile(key: string, path: string, _options?: CreateOptions): Promise<WriteOutcome> {
    if (await this.find({ key })) return 'exists';
    await mkdir(dirname(this.path(key)), { recursive: true });
    await link(path, this.path(key)).catch(() => copyFile(path, this.path(key)));
    return 'written';
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) await rm(this.path(key), { force: true });
  }

  async #existing(key: string): Promise<string> {
    if (await this.find({ key })) return this.path(key);
    throw new InputMissingError({ problem: 'there is no such file', received: key, change: 'put it there' });
  }
}
