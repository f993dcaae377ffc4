import { open } from 'node:fs/promises';
import { carriageReturn, lineFeed } from './scanner.ts';

const pieceBytes = 1024 * 1024;

/**
 * Lines of a text file by their places, blank ones not counted, without their line ends.
 * @param places from 0, ascending
 */
export async function* recordLines(
  path: string,
  places: readonly number[],
  signal?: AbortSignal,
): AsyncGenerator<{ readonly place: number; readonly bytes: Buffer }> {
  let [place, wanted] = [0, 0];
  let begun: Buffer = Buffer.alloc(0);
  const file = await open(path);
  try {
    for (let last = false; !last && wanted < places.length; ) {
      signal?.throwIfAborted();
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes);
      last = bytesRead === 0;
      const bytes = last
        ? Buffer.concat([begun, Buffer.of(lineFeed)])
        : Buffer.concat([begun, buffer.subarray(0, bytesRead)]);
      let start = 0;
      for (let feed = bytes.indexOf(lineFeed); feed >= 0; feed = bytes.indexOf(lineFeed, start)) {
        const end = feed > start && bytes[feed - 1] === carriageReturn ? feed - 1 : feed;
        if (end > start) {
          if (place === places[wanted]) {
            yield { place, bytes: bytes.subarray(start, end) };
            wanted++;
          }
          place++;
        }
        start = feed + 1;
      }
      begun = bytes.subarray(start);
    }
  } finally {
    await file.close();
  }
}
