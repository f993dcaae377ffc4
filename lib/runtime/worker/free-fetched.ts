import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { readonly type: 'minor' }) => void;
let collect: Collect | undefined;

/** Fewer bytes are not worth the millisecond. */
const leastBytes = 8 * 1024 * 1024;

/**
 * Gives the memory of pieces that have gone to the disk back before the engine begins. V8 lets up to 64 MB of them lie
 * about, and knows nothing of the engine, which needs the room at once.
 * @param bytes that were fetched
 */
export function freeFetched(bytes: number): void {
  if (bytes < leastBytes) return;
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as Collect;
  }
  collect({ type: 'minor' });
}
