import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** What the thread is asked: more bytes of a stream, its digest, or to forget it. */
export type Md5Request =
  | { readonly stream: number; readonly batch: readonly Uint8Array[] }
  | { readonly stream: number; readonly end: 'digest' | 'drop' };

/** Its answer to the oldest request that is not answered: with the digest where that was asked for. Drops have none. */
export interface Md5Answer {
  readonly digest?: Uint8Array;
}

const hashes = new Map<number, Hash>();

parentPort?.on('message', (request: Md5Request) => {
  const { stream } = request;
  let hash = hashes.get(stream);
  if (!hash) {
    hash = createHash('md5');
    hashes.set(stream, hash);
  }
  if ('batch' in request) {
    for (const chunk of request.batch) hash.update(chunk);
    parentPort!.postMessage({} satisfies Md5Answer);
    return;
  }
  hashes.delete(stream);
  if (request.end === 'digest') parentPort!.postMessage({ digest: hash.digest() } satisfies Md5Answer);
});
