import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Packing, packingOf } from '../../core/packing.ts';
import { InputMalformedError } from '../errors.ts';
import { untilThen } from '../source-files.ts';
import { zstdUnpacked } from './zstd-frames.ts';

/** A file may grow this many times when it is unpacked; deflate itself stops at 1032. Small files may grow as they like. */
const mostGrowth = 250;
const harmlessBytes = 256 * 1024 * 1024;

/**
 * The path of a text file's plain bytes: its own, or `to` after it has been unpacked there. The bytes tell how a file
 * is packed, not its name: on a worker's disk it has none. Throws `InputMalformedError` where the packing is broken.
 * @param key object key, for errors
 */
export async function unpacked(path: string, to: string, key: string, signal?: AbortSignal): Promise<string> {
  const packing = await packingAt(path);
  if (!packing) return path;
  const unpack = packing === 'gzip' ? createGunzip() : zstdUnpacked;
  const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
  try {
    await pipeline(file, unpack, bombGuard(file, key), createWriteStream(to), { signal });
  } catch (cause) {
    if (cause instanceof InputMalformedError || signal?.aborted) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (!code.startsWith('Z_') && !code.startsWith('ZSTD_')) throw cause;
    throw new InputMalformedError({
      problem: `${key} cannot be unpacked: ${(cause as Error).message}`,
      received: key,
      allowed: 'a whole gzip or zstd file',
      change: `send the file again under the same name: it was cut short or damaged on its way; ${untilThen}`,
      cause,
    });
  }
  return to;
}

async function packingAt(path: string): Promise<Packing | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return packingOf(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function bombGuard(file: { bytesRead: number }, key: string): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= harmlessBytes || bytes <= file.bytesRead * mostGrowth) return done(null, chunk);
      const error = new InputMalformedError({
        problem: `${key} unpacks to more than ${mostGrowth} times its size`,
        received: `${bytes} bytes out of ${file.bytesRead}`,
        allowed: `${mostGrowth} times the packed size`,
        change: 'send the file unpacked, if it is meant',
      });
      done(error);
    },
  });
}
