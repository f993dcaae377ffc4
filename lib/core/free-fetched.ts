import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { readonly type: 'minor' | 'major' }) => void;
let collect: Collect | undefined;

/** Fewer bytes are not worth the millisecond. */
const leastBytes = 4 * 1024 * 1024;
/** So many in buffers that are still there are worth the thirty that it takes to look through all. */
const leastOldBytes = 8 * 1024 * 1024;

let passedOn = 0;

/**
 * Pieces of so many bytes were fetched and are needed no more. V8 lets up to 64 MB of them lie about, and knows nothing of
 * the engine, which needs the room; and when they go at last, the allocator keeps it, as there are others between them. What
 * is freed every few pieces has its place taken by the next ones.
 */
export function countFetched(bytes: number): void {
  passedOn += bytes;
  if (passedOn < leastBytes) return;
  passedOn = 0;
  collectThe('minor');
}

/**
 * Gives the memory of pieces that have gone to the disk back before the engine begins: also of those that were on their
 * way so long that V8 takes them for lasting ones.
 * @param bytes that were fetched
 */
export function freeFetched(bytes: number): void {
  if (bytes < leastBytes) return;
  collectThe('minor');
  if (process.memoryUsage().arrayBuffers >= leastOldBytes) collectThe('major');
}

function collectThe(type: 'minor' | 'major'): void {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as Collect;
  }
  collect({ type });
}
