import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import type { JobOptions } from './job.ts';

/** What no engine can do without: the line ends counted, and the same bytes written as zstd. */
export async function floor({ orders, folder }: JobOptions): Promise<() => Promise<{ lines: number }>> {
  return async () => {
    let lines = 0;
    for await (const bytes of createReadStream(orders, { highWaterMark: 1024 * 1024 })) {
      for (let at = (bytes as Buffer).indexOf(10); at >= 0; at = (bytes as Buffer).indexOf(10, at + 1)) lines++;
    }
    await pipeline(
      createReadStream(orders, { highWaterMark: 1024 * 1024 }),
      createZstdCompress(),
      createWriteStream(join(folder, 'orders.zst')),
    );
    return { lines };
  };
}
