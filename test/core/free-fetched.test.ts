import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { S3ObjectStore } from '../../lib/aws/s3-object-store.ts';
import { realClock } from '../../lib/core/clock.ts';
import { countFetched, freeFetched } from '../../lib/core/free-fetched.ts';
import { inPieces } from '../../lib/runtime/extract/in-pieces.ts';
import type { ByteRange, ObjectStore } from '../../lib/runtime/ports/object-store.ts';
import { copyRanges } from '../../lib/runtime/worker/copy-ranges.ts';

const mega = 1024 * 1024;
const heldBytes = () => process.memoryUsage().arrayBuffers;
const size = 64 * mega;
const object = { key: 'large', size };

/** An object of zeros, which comes in pieces as from a socket, and the most that buffers held at any of them. */
function largeObject() {
  freeFetched(size);
  const before = heldBytes();
  const seen = { most: 0 };
  async function* streamRange(_: unknown, { from, to }: ByteRange) {
    for (let at = from; at < to; at += mega / 16) {
      yield Buffer.from(new ArrayBuffer(Math.min(mega / 16, to - at)));
      seen.most = Math.max(seen.most, heldBytes() - before);
    }
  }
  return { objects: { streamRange } as unknown as ObjectStore, seen };
}

test('pieces that went to the disk do not stand beside the rows', () => {
  freeFetched(size);
  const before = heldBytes();
  for (let piece = 0; piece < 256; piece++) Buffer.from(new ArrayBuffer(mega / 16));
  freeFetched(16 * mega);
  // V8 sweeps what it has found by another thread, and asks that one here.
  freeFetched(16 * mega);
  expect(heldBytes() - before).toBeLessThan(4 * mega);
});

test('nor do those that were on their way for so long that V8 takes them for lasting ones', () => {
  freeFetched(size);
  const before = heldBytes();
  let pieces = Array.from({ length: 256 }, () => Buffer.from(new ArrayBuffer(mega / 16)));
  for (let time = 0; time < 3; time++) countFetched(16 * mega);
  expect(heldBytes() - before).toBeGreaterThan(15 * mega);
  pieces = [];
  freeFetched(16 * mega);
  freeFetched(16 * mega);
  expect(heldBytes() - before).toBeLessThan(4 * mega);
  expect(pieces).toEqual([]);
});

test('no more than a few pieces lie about while an object goes to the disk', async () => {
  const { objects, seen } = largeObject();
  const file = await open(join(process.env.PENSTOCK_TEST_RUN_FOLDER!, `fetched-${process.pid}`), 'w');
  try {
    await copyRanges(objects, object, [{ from: 0, to: size, at: 0 }], file, AbortSignal.timeout(60_000));
  } finally {
    await file.close();
  }
  expect(seen.most).toBeGreaterThan(0);
  expect(seen.most).toBeLessThan(16 * mega);
});

test('nor where all of it goes there at once', async () => {
  const { objects, seen } = largeObject();
  const client = { send: async () => ({ Body: Readable.from(objects.streamRange(object, { from: 0, to: size })) }) };
  const store = new S3ObjectStore({ client: client as unknown as S3Client, bucket: 'lake', clock: realClock() });
  const path = join(process.env.PENSTOCK_TEST_RUN_FOLDER!, `downloaded-${process.pid}`);
  await store.download(object, path);
  expect((await stat(path)).size).toBe(size);
  expect(seen.most).toBeLessThan(16 * mega);
});

test('nor while it is looked through', async () => {
  const { objects, seen } = largeObject();
  let bytes = 0;
  for await (const piece of inPieces(objects, object, mega)) bytes += piece.length;
  expect(bytes).toBe(size);
  expect(seen.most).toBeLessThan(16 * mega);
});
