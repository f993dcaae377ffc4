import { isBuiltin } from 'node:module';
import type { Metafile } from 'esbuild';
import { type BuildProps, buildHandlers } from './build-handlers.ts';

/** Names by the package that they are taken from; `default` for a package as a whole. */
export type TakenNames = Readonly<Record<string, readonly string[]>>;

/** By bundle, what its handlers take from packages. */
export interface Taken {
  readonly names: Readonly<Record<string, TakenNames>>;
  readonly metafile: Metafile;
}

/** An import as esbuild writes it: by one name for all, by name for the whole, or by names. */
const importStatement = /^import (?:(\* as [\w$]+)|([\w$]+)|\{([^}]*)\}) from "([^"]+)";$/gm;

/**
 * What handlers take from packages by name. A package that is imported as `* as all`, or late, is not among them: what
 * is used of it cannot be told from its import. Nor is the engine. Nothing of a file that is imported is left out, so that
 * the names are all that it can ever take, whoever else uses it.
 */
export function takenNames(props: BuildProps): Taken {
  const { code, metafile } = buildHandlers(props, {
    format: 'esm',
    minify: false,
    packages: 'external',
    treeShaking: false,
  });
  return { names: Object.fromEntries(Object.entries(code).map(([bundle, text]) => [bundle, namesIn(text)])), metafile };
}

function namesIn(code: string): TakenNames {
  const names = new Map<string, Set<string>>();
  for (const [, all, whole, listed = '', name] of code.matchAll(importStatement)) {
    if (isBuiltin(name!) || name!.startsWith('@duckdb/')) continue;
    const imported = all ? ['*'] : whole ? ['default'] : listed.split(',').map((one) => one.trim().split(' as ')[0]!);
    names.set(name!, new Set([...(names.get(name!) ?? []), ...imported]));
  }
  const told = [...names].filter(([, taken]) => !taken.has('*') && (!taken.has('default') || taken.size === 1));
  return Object.fromEntries(told.sort().map(([name, taken]) => [name, [...taken].sort()]));
}
