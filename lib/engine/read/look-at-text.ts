import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { LineEnds, type LineLook } from './line-ends.ts';
import { lineFeed, longestRecordBytes } from './scanner.ts';

/** What one look at the bytes of a text file tells. */
export interface TextLook extends LineLook {
  /** The quote occurs somewhere. */
  readonly quoted: boolean;
  /** No line is longer than this. */
  readonly longestLine: number;
  /** All of it is UTF-8, and no line is longer than a record may be. False may come before the end was seen. */
  readonly sound: boolean;
}

const pieceBytes = 1024 * 1024;

/**
 * Finds out what DuckDB can be trusted with: it drops a line that does not fit its buffer without a word, does not look
 * at the encoding of columns that nobody reads, and a quote can hide any number of lines.
 * @param quote one ASCII character; empty: the dialect has none
 */
export async function lookAtText(path: string, quote: string, signal?: AbortSignal): Promise<TextLook> {
  let [quoted, longestLine] = [false, pieceBytes];
  const ends = new LineEnds();
  /** What has come of a line whose end has not. */
  let begun: Buffer = Buffer.alloc(0);
  const tell = (sound: boolean): TextLook => ({ quoted, ...ends.end(), longestLine, sound });
  const file = await open(path);
  try {
    // One buffer for all pieces: memory that is not taken need not be given back.
    const buffer = Buffer.allocUnsafe(pieceBytes);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, pieceBytes);
      if (bytesRead === 0) return tell(isUtf8(begun));
      const bytes = buffer.subarray(0, bytesRead);
      quoted ||= quote !== '' && bytes.includes(quote);
      const first = bytes.indexOf(lineFeed);
      const last = bytes.lastIndexOf(lineFeed);
      ends.push(bytes);
      const line = Buffer.concat([begun, first < 0 ? bytes : bytes.subarray(0, first)]);
      longestLine = Math.max(longestLine, line.length);
      if (line.length > longestRecordBytes) return tell(false);
      begun = first < 0 ? line : Buffer.from(bytes.subarray(last + 1));
      if (first >= 0 && !(isUtf8(line) && isUtf8(bytes.subarray(first, last)))) return tell(false);
    }
  } finally {
    await file.close();
  }
}
