import { createReadStream } from 'node:fs';

/** True where a file holds one of these texts (ASCII; empty ones do not count). Stops at the first that it finds. */
export async function containsAny(path: string, texts: readonly string[]): Promise<boolean> {
  const wanted = texts.filter((text) => text !== '');
  if (wanted.length === 0) return false;
  const overlap = Math.max(...wanted.map((text) => text.length)) - 1;
  let tail = Buffer.alloc(0);
  for await (const bytes of createReadStream(path, { highWaterMark: 4 * 1024 * 1024 })) {
    const all: Buffer = overlap > 0 ? Buffer.concat([tail, bytes]) : bytes;
    if (wanted.some((text) => all.includes(text, 0, 'latin1'))) return true;
    tail = Buffer.from(all.subarray(Math.max(0, all.length - overlap)));
  }
  return false;
}
