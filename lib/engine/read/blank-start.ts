import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { carriageReturn, lineFeed, withoutMark } from './scanner.ts';

/**
 * The path of a CSV file that does not begin with blank lines: its own, or `to()` after the rest was written there.
 * DuckDB takes a blank line for the header.
 */
export async function withoutBlankStart(path: string, to: () => string, signal?: AbortSignal): Promise<string> {
  const start = await firstLetter(path, signal);
  if (start === 0) return path;
  const rest = to();
  await pipeline(createReadStream(path, { start }), createWriteStream(rest), { signal });
  return rest;
}

/** Where the first line begins that is not blank; 0 where that is the first one, or there is none. */
async function firstLetter(path: string, signal: AbortSignal | undefined): Promise<number> {
  let before = 0;
  for await (const piece of createReadStream(path, { signal })) {
    const bytes = piece as Buffer;
    const text = before === 0 ? withoutMark(bytes) : bytes;
    const first = text.findIndex((byte) => byte !== lineFeed && byte !== carriageReturn);
    if (first === 0 && before === 0) return 0;
    if (first >= 0) return before + (bytes.length - text.length) + first;
    before += bytes.length;
  }
  return 0;
}
