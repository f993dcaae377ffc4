import { countFetched } from '../../core/free-fetched.ts';
import type { ObjectAddress, ObjectStore } from '../ports/object-store.ts';

/** One request each: a lost connection costs a run little. */
const requestBytes = 64 * 1024 * 1024;

/**
 * All of an object in pieces of `pieceBytes`, the last one smaller. They come in one buffer, used again: a piece counts
 * until the next is asked for.
 */
export async function* inPieces(
  objects: Pick<ObjectStore, 'streamRange'>,
  object: ObjectAddress & { readonly size: number },
  pieceBytes: number,
): AsyncGenerator<Buffer> {
  const piece = Buffer.allocUnsafe(Math.min(pieceBytes, object.size));
  let filled = 0;
  for (let from = 0; from < object.size; from += requestBytes) {
    const range = { from, to: Math.min(from + requestBytes, object.size) };
    for await (const bytes of objects.streamRange(object, range)) {
      for (let taken = 0; taken < bytes.length; ) {
        const part = bytes.subarray(taken, taken + piece.length - filled);
        piece.set(part, filled);
        filled += part.length;
        taken += part.length;
        if (filled < piece.length) continue;
        yield piece;
        filled = 0;
      }
      countFetched(bytes.length);
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
