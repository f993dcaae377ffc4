import { expect, test } from 'vitest';
import { partitionsFor } from '../../lib/core/partitions-for.ts';

const MB = 1024 * 1024;
const resources = { workerMemoryMegabytes: 2048, chunkBytes: 64 * MB, partitions: 256 };

test.each([
  ['one for an input of nothing', 0, 1],
  ['one for an input of one chunk', 64 * MB, 1],
  ['one for each chunk', 640 * MB, 10],
  ['no more than 32, as long as each takes a quarter of the memory', 16_000 * MB, 32],
  ['as many as keep each to a quarter of the memory', 32_768 * MB, 64],
  ['as many as a run may have', 1e12, 256],
])('a run has %s', (_, bytes, expected) => {
  expect(partitionsFor(resources, bytes)).toBe(expected);
});

test('workers of more memory get fewer and larger ones, and the plan may ask for fewer still', () => {
  expect(partitionsFor({ ...resources, workerMemoryMegabytes: 4096 }, 65_536 * MB)).toBe(64);
  expect(partitionsFor({ ...resources, partitions: 4 }, 65_536 * MB)).toBe(4);
});
