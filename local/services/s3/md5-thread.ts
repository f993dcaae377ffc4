import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** What the thread is asked: more bytes of a stream, its digest, or to forget it. */
export type Md5Request =
  | { readonly stream: number; readonly batch: ArrayBuffer; readonly bytes: number }
  | { readonly stream: number; readonly end: 'digest' | 'drop' };

/** Its answer to the oldest request that is not answered: the batch to fill again, or the digest. Drops have none. */
export interface Md5Answer {
  readonly batch?: ArrayBuffer;
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
    hash.update(new Uint8Array(request.batch, 0, request.bytes));
    parentPort!.postMessage({ batch: request.batch } satisfies Md5Answer, [request.batch]);
    return;
  }
  hashes.delete(stream);
  if (request.end === 'digest') parentPort!.postMessage({ digest: hash.digest() } satisfies Md5Answer);
});
