import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { countedCallback, countedPromise } from './threads.ts';

type Call = (...given: any[]) => unknown;

/** As `made`, with what the original one has beside its code: `promisify` looks there for how to make promises of it. */
function like(original: Call, made: Call): Call {
  return Object.defineProperties(made, Object.getOwnPropertyDescriptors(original));
}

/**
 * From here on files that are read, written and removed in threads are counted until that is done. To turn until Node has
 * them no more on its own account took half of the time of a history.
 */
export function countFiles(): void {
  const all = fs as unknown as Record<string, Call>;
  // Those that have a counterpart which waits are the ones that work in threads.
  const names = Object.keys(all).filter((name) => typeof all[`${name}Sync`] === 'function');
  for (const name of names) all[name] = like(all[name]!, countedCallback(all[name]!));
  const promises = fs.promises as unknown as Record<string, Call>;
  for (const name of names) {
    const call = promises[name];
    if (typeof call === 'function') promises[name] = like(call, countedPromise(call));
  }
  syncBuiltinESMExports();
}
