import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { lineFeed, longestRecordBytes } from './scanner.ts';

/** What one look at the bytes of a text file tells. */
export interface TextLook {
  /** The quote occurs somewhere. */
  readonly quoted: boolean;
  /** A carriage return occurs somewhere. */
  readonly returns: boolean;
  /** All of it is UTF-8, and no line is longer than a record may be. False may come before the end was seen. */
  readonly sound: boolean;
}

/**
 * Finds out what DuckDB can be trusted with: it drops a line that does not fit its buffer without a word, does not look
 * at the encoding of columns that nobody reads, and a quote can hide any number of lines.
 * @param quote one ASCII character; empty: the dialect has none
 */
export async function lookAtText(path: string, quote: string, signal?: AbortSignal): Promise<TextLook> {
  let [quoted, returns] = [false, false];
  /** What has come of a line whose end has not. */
  let begun = Buffer.alloc(0);
  for await (const piece of createReadStream(path, { highWaterMark: 4 * 1024 * 1024, signal })) {
    const bytes = piece as Buffer;
    quoted ||= quote !== '' && bytes.includes(quote);
    returns ||= bytes.includes('\r');
    const first = bytes.indexOf(lineFeed);
    const last = bytes.lastIndexOf(lineFeed);
    const line = Buffer.concat([begun, first < 0 ? bytes : bytes.subarray(0, first)]);
    if (line.length > longestRecordBytes) return { quoted, returns, sound: false };
    begun = first < 0 ? line : Buffer.from(bytes.subarray(last + 1));
    if (first >= 0 && !(isUtf8(line) && isUtf8(bytes.subarray(first, last)))) return { quoted, returns, sound: false };
  }
  return { quoted, returns, sound: isUtf8(begun) };
}
