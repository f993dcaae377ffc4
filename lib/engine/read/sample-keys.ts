import { open } from 'node:fs/promises';

const sampleBytes = 128 * 1024;
/** Names that mean nothing special to a structure of DuckDB. */
const plainName = /^[\p{L}\p{N}_ .-]{1,100}$/u;

/**
 * The keys that all objects of an NDJSON file seem to have, by a look at its beginning, middle and end; undefined where
 * they differ, or are such that two of them would be one column.
 */
export async function sampleKeys(path: string): Promise<readonly string[] | undefined> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const last = Math.max(0, size - sampleBytes);
    const places = [...new Set([0, Math.floor(last / 2), last])];
    const found: string[][] = [];
    for (const place of places) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(sampleBytes), 0, sampleBytes, place);
      for (const line of buffer.toString('utf8', 0, bytesRead).split('\n')) found.push(...keysOf(line));
    }
    const [first, ...others] = found;
    // A structure needs a member.
    if (!first?.length || !first.every((name) => plainName.test(name))) return undefined;
    if (new Set(first.map((name) => name.toLowerCase())).size !== first.length) return undefined;
    return others.every((keys) => sameKeys(keys, first)) ? first : undefined;
  } finally {
    await file.close();
  }
}

/** The keys of an object, in a list; nothing where a line is none, as the first and last of a sample are. */
function keysOf(line: string): string[][] {
  try {
    const value = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? [Object.keys(value)] : [];
  } catch {
    return [];
  }
}

function sameKeys(keys: readonly string[], others: readonly string[]): boolean {
  if (keys.length !== others.length) return false;
  return keys.every((key, index) => key === others[index]) || keys.every((key) => others.includes(key));
}
