import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { cacheFolder } from './cache-folder.ts';

/** Lambda's own platform: Amazon Linux, which is glibc. */
const platform = 'linux-x64';
const native = `@duckdb/node-bindings-${platform}`;

export interface DuckdbFolder {
  /** Folder of the layer: `nodejs/node_modules/@duckdb/…`. */
  readonly folder: string;
  readonly version: string;
  readonly platform: string;
}

/**
 * The engine as a Lambda layer, made once for each version and kept in `node_modules/.cache/penstock`. Copied from
 * node_modules where Lambda's platform is also this machine's, otherwise installed by npm for that platform.
 */
export function duckdbFolder(): DuckdbFolder {
  const require = createRequire(join(packageRoot, 'package.json'));
  const version: string = packageJson(packageFolder(require, '@duckdb/node-api')!).version;
  // A dot in the folder's name would become the ending of the asset.
  const folder = join(cacheFolder(), `duckdb-${version}-${platform}`.replaceAll('.', '_'));
  if (!existsSync(folder)) {
    // Made aside and then named, so that a synthesis that is interrupted leaves no half of a layer.
    const draft = `${folder}.${process.pid}`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(join(draft, 'nodejs'), { recursive: true });
    fill(join(draft, 'nodejs'), require, version);
    settle(draft, folder);
  }
  return { folder, version, platform };
}

function fill(target: string, require: NodeJS.Require, version: string): void {
  const parts = ['@duckdb/node-api', '@duckdb/node-bindings', 'detect-libc', native];
  const folders = parts.map((part) => packageFolder(require, part));
  if (folders.every((folder) => folder !== undefined)) {
    for (const [index, part] of parts.entries()) {
      cpSync(folders[index]!, join(target, 'node_modules', part), { recursive: true, dereference: true });
    }
    return;
  }
  writeFileSync(
    join(target, 'package.json'),
    JSON.stringify({ private: true, dependencies: { '@duckdb/node-api': version } }),
  );
  execFileSync(
    'npm',
    ['install', '--os=linux', '--cpu=x64', '--libc=glibc', '--no-audit', '--no-fund', '--no-package-lock'],
    {
      cwd: target,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

/** Two syntheses may have made the same folder; one name is enough. */
function settle(draft: string, folder: string): void {
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Undefined where the package is not installed. A package's main file is not always reachable, its folder is. */
function packageFolder(require: NodeJS.Require, name: string): string | undefined {
  const folders = require.resolve.paths(name)!.map((path) => join(path, name));
  return folders.find((folder) => existsSync(join(folder, 'package.json')));
}

function packageJson(folder: string): { readonly version: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
