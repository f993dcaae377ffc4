import { closeSync, openSync, readSync } from 'node:fs';

/** Where lines lie closer together than this, what is between them is read, too. */
const gapBytes = 8 * 1024;
const mostBytes = 1024 * 1024;

/**
 * Lines of a file by their places, with their line ends.
 * @param places from 0, ascending
 * @param lengths bytes of each line of the file
 */
export function* linesAt(
  path: string,
  places: readonly number[],
  lengths: Uint32Array,
): Generator<{ readonly place: number; readonly bytes: Buffer }> {
  const file = openSync(path, 'r');
  try {
    let held: Buffer = Buffer.alloc(0);
    let [line, start, from] = [0, 0, 0];
    for (const [index, place] of places.entries()) {
      for (; line < place; line++) start += lengths[line]!;
      const end = start + lengths[line]!;
      if (end > from + held.length) {
        const last = lastTogether(places, index, lengths);
        from = start;
        held = Buffer.allocUnsafe(end - start + last);
        held = held.subarray(0, readSync(file, held, 0, held.length, start));
      }
      yield { place, bytes: held.subarray(start - from, end - from) };
    }
  } finally {
    closeSync(file);
  }
}

/** Bytes behind a line up to the last of those that are read with it. */
function lastTogether(places: readonly number[], index: number, lengths: Uint32Array): number {
  let [bytes, behind] = [0, 0];
  for (let next = index + 1; next < places.length; next++) {
    let gap = 0;
    for (let line = places[next - 1]! + 1; line < places[next]!; line++) gap += lengths[line]!;
    behind += gap + lengths[places[next]!]!;
    if (gap > gapBytes || behind > mostBytes) break;
    bytes = behind;
  }
  return bytes;
}
