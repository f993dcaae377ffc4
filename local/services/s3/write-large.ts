import type { FileHandle } from 'node:fs/promises';
import type { BodyChecks } from './body-checks.ts';
import { createDigest } from './digest.ts';
import type { IncomingBody } from './incoming-body.ts';
import type { Md5Threads } from './md5-threads.ts';

/** Larger writes make Linux look for larger runs of free memory, which takes longer than it saves. */
const batchBytes = 128 * 1024;
/** With more of them on their way to the file and to the thread that takes the MD5, reading waits. */
const mostBatches = 16;

/** A buffer with nothing else in it, so that it can be handed to another thread without a copy. */
export type OwnBuffer = Uint8Array<ArrayBuffer>;

/** MD5 of batches of bytes; `update` takes the buffers away for good. */
export interface Md5Stream {
  update(batch: readonly OwnBuffer[]): Promise<void>;
  digest(): Promise<Buffer>;
  /** Forgets it, where no digest is wanted any more. */
  drop(): void;
}

/**
 * Writes a stream to a file and resolves to its size. Three things go on at a time: the next batch is read and
 * checksummed, the one before is written, and the MD5 of those before is taken on a thread of its own.
 */
export async function writeLarge(
  file: FileHandle,
  body: IncomingBody,
  checks: BodyChecks,
  threads: Md5Threads,
): Promise<number> {
  const md5 = checks.takeOut('MD5') ? (threads.begin() ?? inProcessMd5()) : undefined;
  const underway: Promise<void>[] = [];
  let batch: OwnBuffer[] = [];
  let bytes = 0;
  let size = 0;
  let writing: Promise<unknown> = Promise.resolve();

  const flush = async () => {
    const [full, position] = [batch, size];
    const written = writing.then(() => writeFully(file, full, position));
    const done = written.then(() => md5?.update(full));
    writing = written;
    underway.push(done);
    // A failure is met at the next await; until then it must not count as unhandled.
    done.catch(() => {});
    size += bytes;
    bytes = 0;
    batch = [];
    if (underway.length === mostBatches) await underway.shift();
  };

  try {
    for await (const chunk of body) {
      checks.update(chunk);
      batch.push(own(chunk, body.handsOver));
      bytes += chunk.length;
      if (bytes >= batchBytes) await flush();
    }
    if (bytes > 0) await flush();
    await Promise.all(underway);
    if (md5) checks.putBack('MD5', await md5.digest());
    return size;
  } catch (error) {
    md5?.drop();
    // The file is closed after this; nothing may still be on its way into it.
    await writing.catch(() => {});
    throw error;
  }
}

function own(chunk: Uint8Array, handedOver = false): OwnBuffer {
  return handedOver && chunk.length === chunk.buffer.byteLength ? (chunk as OwnBuffer) : new Uint8Array(chunk);
}

async function writeFully(file: FileHandle, batch: readonly OwnBuffer[], position: number): Promise<void> {
  let rest = batch;
  let at = position;
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest, at);
    at += bytesWritten;
    rest = after(rest, bytesWritten);
  }
}

/** What is left of a batch behind so many bytes. */
function after(batch: readonly OwnBuffer[], bytes: number): OwnBuffer[] {
  let skip = bytes;
  const rest: OwnBuffer[] = [];
  for (const chunk of batch) {
    if (skip < chunk.length) rest.push(skip > 0 ? chunk.subarray(skip) : chunk);
    skip = Math.max(skip - chunk.length, 0);
  }
  return rest;
}

function inProcessMd5(): Md5Stream {
  const digest = createDigest('MD5');
  return {
    async update(batch) {
      for (const chunk of batch) digest.update(chunk);
    },
    digest: async () => digest.digest(),
    drop() {},
  };
}
