import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { LineEnds, type LineLook } from './line-ends.ts';
import { carriageReturn, lineFeed, longestRecordBytes } from './scanner.ts';

/** What one look at the bytes of a text file tells. */
export interface TextLook extends Pick<LineLook, 'returns'> {
  /** The quote occurs somewhere. */
  readonly quoted: boolean;
  /** Lines that are not blank. Absent where neither the quote nor a carriage return occurs: nobody asks then. */
  readonly lines?: number;
  /** No line is longer than this. */
  readonly longestLine: number;
  /** Bytes of a line on average, by some of the file; all that there are where no line ends. */
  readonly meanLine: number;
  /** All of it is UTF-8, and no line is longer than a record may be. False may come before the end was seen. */
  readonly sound: boolean;
}

const pieceBytes = 1024 * 1024;
/** After so many pieces others have their turn. */
const piecesAtOnce = 16;

/**
 * Finds out what DuckDB can be trusted with: it drops a line that does not fit its buffer without a word, does not look
 * at the encoding of columns that nobody reads, and a quote can hide any number of lines.
 * @param quote one ASCII character; empty: the dialect has none
 */
export async function lookAtText(path: string, quote: string, signal?: AbortSignal): Promise<TextLook> {
  const quoteByte = quote === '' ? undefined : quote.charCodeAt(0);
  let [quoted, longestLine, place] = [false, pieceBytes, 0];
  let ends: LineEnds | undefined;
  const sample = { bytes: 0, lines: 0 };
  /** What has come of a line whose end has not. */
  let begun: Buffer = Buffer.alloc(0);
  const tell = (sound: boolean): TextLook => {
    const meanLine = sample.bytes / Math.max(1, sample.lines);
    return { quoted, returns: 'none', ...ends?.end(), longestLine, meanLine, sound };
  };
  const file = openSync(path, 'r');
  try {
    // One buffer for all pieces: memory that is not taken need not be given back.
    const buffer = Buffer.allocUnsafe(pieceBytes);
    for (let piece = 1; ; piece++) {
      if (piece % piecesAtOnce === 0) await setImmediate();
      signal?.throwIfAborted();
      // Read by another thread, the bytes would be in the cache of another core: that takes three times as long.
      const bytes = buffer.subarray(0, readSync(file, buffer, 0, pieceBytes, null));
      if (bytes.length === 0) return tell(isUtf8(begun));
      quoted ||= quoteByte !== undefined && bytes.includes(quoteByte);
      // To count the lines takes as long as all the rest.
      if (piece % piecesAtOnce === 1) {
        sample.bytes += bytes.length;
        sample.lines += feedsIn(bytes);
      }
      if (!ends && (quoted || bytes.includes(carriageReturn))) ends = endsBefore(path, place);
      ends?.push(bytes);
      place += bytes.length;
      const first = bytes.indexOf(lineFeed);
      const last = bytes.lastIndexOf(lineFeed);
      const line = Buffer.concat([begun, first < 0 ? bytes : bytes.subarray(0, first)]);
      longestLine = Math.max(longestLine, line.length);
      if (line.length > longestRecordBytes) return tell(false);
      begun = first < 0 ? line : Buffer.from(bytes.subarray(last + 1));
      if (first >= 0 && !(isUtf8(line) && isUtf8(bytes.subarray(first, last)))) return tell(false);
    }
  } finally {
    closeSync(file);
  }
}

function feedsIn(bytes: Buffer): number {
  let feeds = 0;
  for (let feed = bytes.indexOf(lineFeed); feed >= 0; feed = bytes.indexOf(lineFeed, feed + 1)) feeds++;
  return feeds;
}

/** The line ends of the first bytes of a file. */
function endsBefore(path: string, place: number): LineEnds {
  const ends = new LineEnds();
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(Math.min(place, pieceBytes));
    for (let from = 0; from < place; from += pieceBytes)
      ends.push(buffer.subarray(0, readSync(file, buffer, 0, Math.min(pieceBytes, place - from), from)));
    return ends;
  } finally {
    closeSync(file);
  }
}
