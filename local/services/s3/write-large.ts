import type { FileHandle } from 'node:fs/promises';
import type { BodyChecks } from './body-checks.ts';
import { createDigest } from './digest.ts';
import type { Md5Threads } from './md5-threads.ts';

const batchBytes = 256 * 1024;
/** With fewer, reading waits for the thread that takes the MD5. */
const spareBatches = 5;

/** MD5 of batches of bytes; `update` takes the buffer away and gives one back to fill. */
export interface Md5Stream {
  update(batch: Buffer<ArrayBuffer>, bytes: number): Promise<Buffer<ArrayBuffer>>;
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
  body: AsyncIterable<Uint8Array>,
  checks: BodyChecks,
  threads: Md5Threads,
): Promise<number> {
  const md5 = checks.takeOut('MD5') ? (threads.begin() ?? inProcessMd5()) : undefined;
  const spare = Array.from({ length: spareBatches }, freshBatch);
  let batch = await freshBatch();
  let used = 0;
  let size = 0;
  let writing: Promise<unknown> = Promise.resolve();

  const flush = async () => {
    const [full, bytes, position] = [batch, used, size];
    checks.update(full.subarray(0, bytes));
    await writing;
    const written = writeFully(file, full, bytes, position);
    const next = written.then(() => md5?.update(full, bytes) ?? full);
    writing = written;
    spare.push(next);
    // A failure is met at the next await; until then it must not count as unhandled.
    next.catch(() => {});
    size += bytes;
    used = 0;
    batch = await spare.shift()!;
  };

  try {
    for await (const chunk of body) {
      for (let at = 0; at < chunk.length; ) {
        const taken = Math.min(chunk.length - at, batch.length - used);
        batch.set(at === 0 && taken === chunk.length ? chunk : chunk.subarray(at, at + taken), used);
        used += taken;
        at += taken;
        if (used === batch.length) await flush();
      }
    }
    if (used > 0) await flush();
    await writing;
    await Promise.all(spare);
    if (md5) checks.putBack('MD5', await md5.digest());
    return size;
  } catch (error) {
    md5?.drop();
    // The file is closed after this; nothing may still be on its way into it.
    await writing.catch(() => {});
    throw error;
  }
}

const freshBatch = async () => Buffer.from(new ArrayBuffer(batchBytes));

async function writeFully(file: FileHandle, batch: Buffer, bytes: number, position: number): Promise<void> {
  for (let at = 0; at < bytes; ) {
    const { bytesWritten } = await file.write(batch, at, bytes - at, position + at);
    at += bytesWritten;
  }
}

function inProcessMd5(): Md5Stream {
  const digest = createDigest('MD5');
  return {
    async update(batch, bytes) {
      digest.update(batch.subarray(0, bytes));
      return batch;
    },
    digest: async () => digest.digest(),
    drop() {},
  };
}
