import { compareKeys } from './key-order.ts';
import type { SortedKeys } from './sorted-keys.ts';

export interface ListOptions {
  readonly prefix: string;
  readonly delimiter?: string | undefined;
  /** Only what comes after this key; a common prefix that equals it is not given again. */
  readonly after?: string | undefined;
  readonly limit: number;
  /** Whether a key is to be seen. */
  include(key: string): boolean;
}

export interface Listing {
  readonly keys: string[];
  readonly prefixes: string[];
  /** The last key or prefix given, where there is more. */
  readonly next?: string;
}

/** One page of the keys of a bucket in their order, those that share a prefix up to the delimiter rolled into one. */
export function listKeys(sorted: SortedKeys, { prefix, delimiter, after, limit, include }: ListOptions): Listing {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  let cursor = sorted.seek(
    (key) => compareKeys(key, prefix) >= 0 && (after === undefined || compareKeys(key, after) > 0),
  );
  for (let key = cursor.next(); key?.startsWith(prefix); key = cursor.next()) {
    if (!include(key)) continue;
    const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const group = cut < 0 ? undefined : key.slice(0, cut + delimiter!.length);
    if (group === undefined || group !== after) {
      if (keys.length + prefixes.length >= limit) return { keys, prefixes, ...(last !== undefined && { next: last }) };
      last = group ?? key;
      (group === undefined ? keys : prefixes).push(last);
    }
    // The rest of a group is passed over in one step, however long it is.
    if (group !== undefined) cursor = sorted.seek((each) => !each.startsWith(group) && compareKeys(each, group) > 0);
  }
  return { keys, prefixes };
}
