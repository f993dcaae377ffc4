import { expect, test } from 'vitest';
import { freeFetched } from '../../lib/runtime/worker/free-fetched.ts';

const mega = 1024 * 1024;

test('pieces that went to the disk do not stand beside the rows', () => {
  freeFetched(64 * mega);
  const before = process.memoryUsage().arrayBuffers;
  for (let piece = 0; piece < 256; piece++) Buffer.from(new ArrayBuffer(mega / 16));
  freeFetched(16 * mega);
  // V8 sweeps what it has found by another thread, and asks that one here.
  freeFetched(16 * mega);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * mega);
});
