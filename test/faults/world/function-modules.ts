import { createRequire } from 'node:module';
import zlib from 'node:zlib';
import { keptDatabases } from '../../fixtures/engine/kept-databases.ts';
import { countFiles } from './counted-files.ts';
import { rememberedDuckdb } from './remembered-duckdb.ts';
import { countedCallback, countedPromise } from './threads.ts';

const require = createRequire(import.meta.url);
const driver = /[/\\]@duckdb[/\\]node-(api|bindings)[/\\]/;

/** DuckDB's driver for functions of a simulated cloud, a copy beside that of this process, whose calls are counted. */
const countedDuckdb = loadApart(() => {
  const bindings = require('@duckdb/node-bindings');
  const counted = Object.create(bindings);
  for (const name of Object.getOwnPropertyNames(bindings)) {
    const member = bindings[name];
    // Those of the other kind are constructors and constants.
    if (typeof member !== 'function' || /^[A-Z]/.test(name)) continue;
    Object.defineProperty(counted, name, { value: countedPromise(member.bind(bindings)) });
  }
  require.cache[require.resolve('@duckdb/node-bindings')]!.exports = counted;
  const driver = require('@duckdb/node-api');
  const create = keptDatabases(driver.DuckDBInstance.create.bind(driver.DuckDBInstance), '');
  return rememberedDuckdb(Object.create(driver, { DuckDBInstance: { value: { create } } }));
});

const oneShot = /^(deflate|inflate|gzip|gunzip|unzip|brotli|zstd)(?!.*Sync)/;
const countedOneShots = Object.fromEntries(
  Object.entries(zlib)
    .filter(([name, member]) => oneShot.test(name) && typeof member === 'function')
    .map(([name, member]) => [name, countedCallback(member as () => unknown)]),
);
const countedZlib = { ...zlib, ...countedOneShots };
// People read manifests in this process, with a library that asks for these whenever it reads one.
Object.assign(zlib, countedOneShots);
countFiles();

/**
 * What a function of a simulated cloud gets when it asks for a module; `own` by name without `node:`.
 * @param clients the package of the SDK of a name, undefined for other names
 */
export function functionModules(
  own: Readonly<Record<string, unknown>>,
  clients: (name: string) => object | undefined,
): (name: string) => unknown {
  const instead: Readonly<Record<string, unknown>> = { '@duckdb/node-api': countedDuckdb, zlib: countedZlib, ...own };
  return (name) => instead[name.replace(/^node:/, '')] ?? clients(name) ?? thin(name);
}

const thinned = new Map<string, unknown>();

/** A module whose members are those of its prototype: bundles copy each own one whenever they start. */
function thin(name: string): unknown {
  if (!thinned.has(name)) {
    const whole = require(name);
    thinned.set(name, typeof whole === 'object' ? Object.create(whole) : whole);
  }
  return thinned.get(name);
}

/** Loads the driver anew, and leaves in the cache what was there; what is native can be loaded once only. */
function loadApart<Module>(load: () => Module): Module {
  // Loaded first as everybody else gets it: what has been in the cache once cannot be imported when it is out of it.
  require('@duckdb/node-api');
  const cached = () => Object.keys(require.cache).filter((file) => driver.test(file) && !file.endsWith('.node'));
  const before = cached().map((file) => [file, require.cache[file]] as const);
  for (const [file] of before) delete require.cache[file];
  const loaded = load();
  for (const file of cached()) delete require.cache[file];
  for (const [file, module] of before) require.cache[file] = module;
  return loaded;
}
