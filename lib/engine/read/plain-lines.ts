import { createReadStream } from 'node:fs';
import { lineFeed, longestRecordBytes } from './scanner.ts';

/**
 * True where a text file has no quote, and no line that is too long. Only of such a file can DuckDB be asked to go on
 * behind a wrong record: it drops a line that does not fit its buffer without a word, and a quote can hide any number
 * of lines. Costs one look at the bytes.
 * @param quote one ASCII character; empty: the dialect has none
 */
export async function plainLines(path: string, quote: string): Promise<boolean> {
  let unfinished = 0;
  for await (const piece of createReadStream(path, { highWaterMark: 4 * 1024 * 1024 })) {
    const bytes = piece as Buffer;
    if (quote !== '' && bytes.includes(quote)) return false;
    const first = bytes.indexOf(lineFeed);
    if (unfinished + (first < 0 ? bytes.length : first) > longestRecordBytes) return false;
    unfinished = first < 0 ? unfinished + bytes.length : bytes.length - 1 - bytes.lastIndexOf(lineFeed);
  }
  return true;
}
