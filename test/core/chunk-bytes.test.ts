import { expect, test } from 'vitest';
import { chunkBytesFor, usualChunkBytes } from '../../lib/core/chunk-bytes.ts';
import { dataMegabytes } from '../../lib/core/data-budget.ts';

const mebi = 1024 * 1024;

test.each([512, 600, 1024, 1769, 3008, 10_240])('text of a usual chunk has room in a worker of %d MB', (memory) => {
  const bytes = usualChunkBytes(memory);
  expect(Number.isInteger(bytes)).toBe(true);
  expect(4 * bytes).toBeLessThanOrEqual(dataMegabytes(memory) * 1e6);
});

test('a usual chunk is of 64 MiB where a worker has 790 MB and more', () => {
  expect([789, 790, 3008].map((memory) => usualChunkBytes(memory) === 64 * mebi)).toEqual([false, true, true]);
  expect(usualChunkBytes(512)).toBe(36_000_000);
});

test('chunks grow where a run would have more than a thousand, as far as the memory goes', () => {
  const resources = { workerMemoryMegabytes: 1024, chunkBytes: 64 * mebi };
  const sizes = [1, 1e9, 1e11, 1e13].map((bytes) => chunkBytesFor(resources, bytes));
  expect(sizes).toEqual([64 * mebi, 64 * mebi, 100_000_000, 128 * mebi]);
});
