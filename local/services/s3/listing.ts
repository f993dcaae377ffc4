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

/** A key, or the prefix that stands for all keys that begin with it. */
export interface ListEntry {
  readonly name: string;
  readonly isPrefix: boolean;
}

export interface Listing {
  readonly entries: readonly ListEntry[];
  /** The last key or prefix given, where there is more. */
  readonly next?: string;
}

/** One page of the keys of a bucket in their order, those that share a prefix up to the delimiter rolled into one. */
export function listKeys(sorted: SortedKeys, { prefix, delimiter, after, limit, include }: ListOptions): Listing {
  const entries: ListEntry[] = [];
  let cursor = sorted.seek(
    (key) => compareKeys(key, prefix) >= 0 && (after === undefined || compareKeys(key, after) > 0),
  );
  for (let key = cursor.next(); key?.startsWith(prefix); key = cursor.next()) {
    if (!include(key)) continue;
    const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const group = cut < 0 ? undefined : key.slice(0, cut + delimiter!.length);
    if (group === undefined || group !== after) {
      const last = entries.at(-1);
      if (last && entries.length >= limit) return { entries, next: last.name };
      entries.push({ name: group ?? key, isPrefix: group !== undefined });
    }
    // The rest of a group is passed over in one step, however long it is.
    if (group !== undefined) cursor = sorted.seek((each) => !each.startsWith(group) && compareKeys(each, group) > 0);
  }
  return { entries };
}
