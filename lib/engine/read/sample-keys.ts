import { open } from 'node:fs/promises';

const sampleBytes = 128 * 1024;
/** Names that mean nothing special to a structure of DuckDB. */
const plainName = /^[\p{L}\p{N}_ .-]{1,100}$/u;

/** Whole lines from the beginning, the middle and the end of a text file, without their line feeds. */
export async function sampleLines(path: string): Promise<readonly string[]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const last = Math.max(0, size - sampleBytes);
    const places = [...new Set([0, Math.floor(last / 2), last])];
    const found: string[] = [];
    for (const place of places) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(sampleBytes), 0, sampleBytes, place);
      const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
      found.push(...lines.slice(place === 0 ? 0 : 1, place + bytesRead < size ? -1 : undefined));
    }
    return found;
  } finally {
    await file.close();
  }
}

/** The keys that all objects of a sample have; undefined where they differ, or are such that two of them would be one column. */
export function sampleKeys(lines: readonly string[]): readonly string[] | undefined {
  const [first, ...others] = lines.flatMap((line) => {
    const object = objectOf(line);
    return object ? [Object.keys(object)] : [];
  });
  // A structure needs a member.
  if (!first?.length || !first.every((name) => plainName.test(name))) return undefined;
  if (new Set(first.map((name) => name.toLowerCase())).size !== first.length) return undefined;
  return others.every((keys) => sameKeys(keys, first)) ? first : undefined;
}

/** The object that a line is; undefined where it is none, or no JSON. */
export function objectOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function sameKeys(keys: readonly string[], others: readonly string[]): boolean {
  if (keys.length !== others.length) return false;
  return keys.every((key, index) => key === others[index]) || keys.every((key) => others.includes(key));
}
