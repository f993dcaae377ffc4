import type { FileHandle } from 'node:fs/promises';
import { concurrently } from '../../core/concurrently.ts';
import type { ObjectAddress, ObjectStore } from '../ports/object-store.ts';

const pieceBytes = 4 * 1024 * 1024;

/** Bytes of an object, `to` exclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Writes ranges of an object into a file, each at its place `at`. */
export async function copyRanges(
  objects: ObjectStore,
  object: ObjectAddress,
  ranges: readonly (Range & { readonly at: number })[],
  file: FileHandle,
  signal: AbortSignal,
): Promise<void> {
  const pieces = ranges.flatMap((range) =>
    cut(range).map((piece) => ({ ...piece, at: range.at + piece.from - range.from })),
  );
  await concurrently(pieces, 4, async ({ from, to, at }) => {
    signal.throwIfAborted();
    const bytes = await objects.readRange(object, from, to);
    await file.write(bytes, 0, bytes.length, at);
  });
}

function cut({ from, to }: Range): Range[] {
  const pieces: Range[] = [];
  for (let at = from; at < to; at += pieceBytes) pieces.push({ from: at, to: Math.min(to, at + pieceBytes) });
  return pieces;
}
