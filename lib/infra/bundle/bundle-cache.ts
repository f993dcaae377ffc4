import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Metafile, version } from 'esbuild';
import { sha256 } from '../../core/sha256.ts';
import { packageRoot } from '../package-root.ts';
import { cacheFolder } from './cache-folder.ts';
import { settings } from './run-esbuild.ts';

interface FromFiles {
  /** Which files went in. */
  readonly metafile: Metafile;
}

interface Entry<Built extends FromFiles> {
  /** Every file that went in, with what tells a changed file. */
  readonly inputs: Readonly<Record<string, Stamp>>;
  readonly built: Built;
}

const keptMilliseconds = 30 * 24 * 3_600_000;

/** The time of the file's own record, too: whoever copies or unpacks a file may give it the time of another one. */
type Stamp = readonly [size: number, modifiedMilliseconds: number, changedMilliseconds: number];

/**
 * Gives back what was built before of the same key, as long as no file that went in has changed; otherwise builds anew.
 * One entry per key, replaced as a whole, so that syntheses side by side do not meet.
 * @param kind of what is built: begins the entry's name
 */
export function builtOnce<Built extends FromFiles>(kind: string, key: object, build: () => Built): Built {
  const name = sha256(JSON.stringify([key, settings, version])).slice(0, 16);
  const file = join(cacheFolder(), `${kind}-${name}.json`);
  const earlier = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Entry<Built>) : undefined;
  if (earlier && unchanged(earlier)) return earlier.built;
  const built = build();
  const entry: Entry<Built> = { inputs: stampsOf(built), built };
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(entry));
  renameSync(draft, file);
  removeOld();
  return built;
}

/** Names follow what goes in, so those of code that has changed are never asked for again. */
function removeOld(): void {
  const folder = cacheFolder();
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.json'))) {
    const file = join(folder, name);
    const { mtimeMs = Infinity } = statSync(file, { throwIfNoEntry: false }) ?? {};
    if (mtimeMs < Date.now() - keptMilliseconds) rmSync(file, { force: true });
  }
}

function unchanged({ inputs }: Entry<FromFiles>): boolean {
  return Object.entries(inputs).every(([path, stamp]) => {
    const now = stampOf(path);
    return now?.every((value, index) => value === stamp[index]);
  });
}

/** The module that is written for one build is gone afterwards; it follows from the key. */
function stampsOf({ metafile }: FromFiles): Entry<FromFiles>['inputs'] {
  const stamps = Object.keys(metafile.inputs).map((path) => [path, stampOf(path)] as const);
  return Object.fromEntries(stamps.filter((entry): entry is [string, Stamp] => entry[1] !== undefined));
}

function stampOf(path: string): Stamp | undefined {
  const stat = statSync(resolve(packageRoot, path), { throwIfNoEntry: false });
  return stat && [stat.size, stat.mtimeMs, stat.ctimeMs];
}
