import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file below the folder of a session. */
export interface KeptFile {
  readonly path: string;
  readonly bytes: Buffer;
}

interface Seen {
  /** When it was written, and how long it is. */
  readonly state: string;
  readonly content: string;
  /** Absent: it is no file. */
  readonly bytes?: Buffer | undefined;
}

/** Stands for the folder of a session, which has another name each time. */
const folderName = '<folder>';
const copied = /^\s*COPY\b[\s\S]*\bTO '([^']+)'/;

/** The files that the statements of one session name. */
export class FilesOfSession {
  #folder = '';
  /** By path. */
  readonly #seen = new Map<string, Seen>();

  /** Of the files that this statement and those before it name, what tells their content; undefined where it cannot be told. */
  contentFor(sql: string, text: string): string | undefined {
    const [, folders] = /^SET allowed_directories = \[([^\]]+)\]/.exec(sql) ?? [];
    if (folders !== undefined) {
      this.#folder = outermost(folders.split(', ').map((folder) => folder.slice(1, -1)));
      return this.#folder === '' ? undefined : '';
    }
    for (const [path] of text.matchAll(new RegExp(`${RegExp.escape(this.#folder)}/[^']*''?`, 'g'))) {
      // A pattern, or a name with quotes.
      if (/[*?[]|''$/.test(path)) return undefined;
      const name = path.slice(0, -1);
      if (!this.#seen.has(name)) this.#seen.set(name, { state: '', content: '' });
    }
    for (const [path, { state }] of this.#seen) {
      const now = stateOf(path);
      if (now === state) continue;
      // A file that is gone is still what earlier statements have read.
      const bytes = now === 'none' ? this.#seen.get(path)!.bytes : bytesOf(path);
      const content = bytes && now !== 'none' ? sha1(bytes) : contentOf(path);
      this.#seen.set(path, { state: now, content, bytes });
    }
    return [...this.#seen].map(([path, { content }]) => `${this.anonymous(path)} ${content}`).join();
  }

  anonymous(text: string): string {
    return this.#folder === '' ? text : text.replaceAll(this.#folder, folderName);
  }

  named(text: string): string {
    return text.replaceAll(folderName, this.#folder);
  }

  /** What a statement that was made has left where it was to write. */
  writtenBy(sql: string): readonly KeptFile[] {
    const path = copied.exec(sql)?.[1];
    if (path === undefined) return [];
    return filesAt(path).map((file) => ({ path: this.anonymous(file), bytes: readFileSync(file) }));
  }

  write(files: readonly KeptFile[]): void {
    for (const { path, bytes } of files) {
      const own = this.named(path);
      mkdirSync(dirname(own), { recursive: true });
      writeFileSync(own, bytes);
    }
  }

  /** Puts files that statements have read, and that are gone, where they were. Returns their paths. */
  bringBack(): readonly string[] {
    const gone = [...this.#seen].filter(([path, { bytes }]) => bytes && stateOf(path) === 'none');
    for (const [path, { bytes }] of gone) writeFileSync(path, bytes!);
    return gone.map(([path]) => path);
  }

  /** So that the statement can be made once more. */
  removeOutput(sql: string): void {
    const path = copied.exec(sql)?.[1];
    if (path !== undefined) rmSync(path, { recursive: true, force: true });
  }
}

/** The one that the others are in; none where they are apart. */
function outermost(folders: readonly string[]): string {
  const [shortest] = folders.toSorted((a, b) => a.length - b.length);
  return folders.every((folder) => `${folder}/`.startsWith(`${shortest}/`)) ? shortest! : '';
}

function stateOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.ino} ${stats.mtimeMs} ${stats.size}` : 'none';
}

const sha1 = (bytes: Buffer) => createHash('sha1').update(bytes).digest('base64');

function bytesOf(path: string): Buffer | undefined {
  return statSync(path).isFile() ? readFileSync(path) : undefined;
}

function contentOf(path: string): string {
  const hash = createHash('sha1');
  for (const file of filesAt(path)) hash.update(file.slice(path.length)).update(readFileSync(file));
  return hash.digest('base64');
}

/** The file of a path, or all below it. */
function filesAt(path: string): readonly string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return stats ? [path] : [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
