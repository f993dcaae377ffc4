import type { FileHandle } from 'node:fs/promises';
import { concurrently } from '../../core/concurrently.ts';
import { countFetched } from '../../core/free-fetched.ts';
import type { ByteRange, ObjectAddress, ObjectStore } from '../ports/object-store.ts';

/** One request each: what is lost with a connection is little. */
const pieceBytes = 16 * 1024 * 1024;

/** Writes ranges of an object into a file, each at its place `at`, as the bytes come: none of them stay in memory. */
export async function copyRanges(
  objects: ObjectStore,
  object: ObjectAddress,
  ranges: readonly (ByteRange & { readonly at: number })[],
  file: FileHandle,
  signal: AbortSignal,
): Promise<void> {
  const pieces = ranges.flatMap((range) =>
    cut(range).map((piece) => ({ ...piece, at: range.at + piece.from - range.from })),
  );
  await concurrently(pieces, 4, async ({ from, to, at: start }) => {
    let at = start;
    for await (const bytes of objects.streamRange(object, { from, to }, signal)) {
      signal.throwIfAborted();
      await file.write(bytes, 0, bytes.length, at);
      at += bytes.length;
      countFetched(bytes.length);
    }
  });
}

function cut({ from, to }: ByteRange): ByteRange[] {
  const pieces: ByteRange[] = [];
  for (let at = from; at < to; at += pieceBytes) pieces.push({ from: at, to: Math.min(to, at + pieceBytes) });
  return pieces;
}
