import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sha256 } from '../../core/sha256.ts';
import { packageRoot } from '../package-root.ts';
import type { Built } from './build-handlers.ts';
import { cacheFolder } from './cache-folder.ts';

interface Entry {
  readonly key: string;
  /** Every file that went in, with what tells a changed file. */
  readonly inputs: Readonly<Record<string, Stamp>>;
  readonly built: Built;
}

const keptMilliseconds = 30 * 24 * 3_600_000;

type Stamp = readonly [size: number, modifiedMilliseconds: number];

/**
 * Gives back what was built before under this name, as long as the key is the same and no file that went in has
 * changed; otherwise builds anew. One entry per name, replaced as a whole, so that syntheses side by side do not meet.
 */
export function builtOnce(name: string, key: object, build: () => Built): Built {
  const file = join(cacheFolder(), `bundle-${name}.json`);
  const hash = sha256(JSON.stringify(key));
  const earlier = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Entry) : undefined;
  if (earlier?.key === hash && unchanged(earlier)) return earlier.built;
  const built = build();
  const entry: Entry = { key: hash, inputs: stampsOf(built), built };
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(entry));
  renameSync(draft, file);
  removeOld();
  return built;
}

/** Names follow what goes in, so those of code that has changed are never asked for again. */
function removeOld(): void {
  const folder = cacheFolder();
  for (const name of readdirSync(folder).filter((one) => one.startsWith('bundle-'))) {
    const file = join(folder, name);
    const { mtimeMs = Infinity } = statSync(file, { throwIfNoEntry: false }) ?? {};
    if (mtimeMs < Date.now() - keptMilliseconds) rmSync(file, { force: true });
  }
}

function unchanged({ inputs }: Entry): boolean {
  return Object.entries(inputs).every(([path, [size, modified]]) => {
    const now = stampOf(path);
    return now !== undefined && now[0] === size && now[1] === modified;
  });
}

/** The module that is written for one build is gone afterwards; it follows from the key. */
function stampsOf({ metafile }: Built): Entry['inputs'] {
  const stamps = Object.keys(metafile.inputs).map((path) => [path, stampOf(path)] as const);
  return Object.fromEntries(stamps.filter((entry): entry is [string, Stamp] => entry[1] !== undefined));
}

function stampOf(path: string): Stamp | undefined {
  const stat = statSync(resolve(packageRoot, path), { throwIfNoEntry: false });
  return stat && [stat.size, stat.mtimeMs];
}
