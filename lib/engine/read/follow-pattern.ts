import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { LinePattern } from './line-pattern.ts';
import { PatternScanner } from './pattern-scanner.ts';
import { lineFeed } from './scanner.ts';

/** Where a line has twice as many bytes, the file is not followed. */
export const longestPatternLine = 256 * 1024;
/** After so many bytes others have their turn. */
const bytesAtOnce = 16 * 1024 * 1024;

/** To look closely at more lines than these costs more than to read all lines so at once. */
export function areFew(lines: number, all: number): boolean {
  return lines * 10 <= all + 200;
}

/**
 * Holds each line of a file against a pattern. Undefined where not enough of them follow it, and where DuckDB may see other
 * lines in the file: where it is not UTF-8, has blank or long lines, or control characters.
 */
export async function followPattern(
  path: string,
  pattern: LinePattern,
  signal?: AbortSignal,
): Promise<PatternScanner | undefined> {
  const scanner = new PatternScanner(pattern);
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(2 * longestPatternLine);
    /** Bytes of a line whose end has not come. */
    let held = 0;
    for (let seen = 0, turn = bytesAtOnce; ; ) {
      if (seen > turn) {
        await setImmediate();
        turn = seen + bytesAtOnce;
      }
      signal?.throwIfAborted();
      const read = readSync(file, buffer, held, longestPatternLine, null);
      seen += read;
      const size = read > 0 ? held + read : held && held + buffer.write(pattern.lineEnd, held);
      const whole = buffer.lastIndexOf(lineFeed, size - 1) + 1;
      const bytes = buffer.subarray(0, size === 0 ? 0 : whole);
      if (!isUtf8(bytes)) return undefined;
      scanner.push(bytes);
      if (!scanner.sound || !areFew(scanner.odd.length, scanner.lines)) return undefined;
      if (read === 0) return scanner;
      held = size - whole;
      if (held > longestPatternLine) return undefined;
      buffer.copyWithin(0, whole, size);
    }
  } finally {
    closeSync(file);
  }
}
