import { truncateSync } from 'node:fs';
import { expect, test } from 'vitest';
import { textColumns } from '../../../lib/engine/read/text.ts';
import { scratchFile } from '../../fixtures/engine/scratch.ts';

const mebibyte = 1024 * 1024;

interface Room {
  readonly memoryBytes: number;
  readonly threads: number;
}

/** @param meanLine so many that no buffer fills a row group */
function bufferOf(bytes: number, session: Room, meanLine = 1000): number {
  const path = scratchFile('rows', '');
  truncateSync(path, bytes);
  const [, size] = /buffer_size = (\d+)/.exec(
    textColumns({ path, session }, ['a'], [], { longestLine: 2000, meanLine }),
  )!;
  return Number(size);
}

test('a large file is read in as many buffers by each thread, and none is a part of a mebibyte', () => {
  const session = { memoryBytes: 700e6, threads: 2 };
  expect(bufferOf(160 * mebibyte, session)).toBe(27 * mebibyte);
  expect(bufferOf(160 * mebibyte + 1, session)).toBe(27 * mebibyte);
  expect(bufferOf(50 * mebibyte, session)).toBe(25 * mebibyte);
});

test('a small file is parted between the threads, and no buffer is smaller than two usual lines', () => {
  expect(bufferOf(8 * mebibyte, { memoryBytes: 700e6, threads: 2 })).toBe(4 * mebibyte);
  expect(bufferOf(mebibyte, { memoryBytes: 700e6, threads: 2 })).toBe(2 * mebibyte);
  expect(bufferOf(160 * mebibyte, { memoryBytes: 20e6, threads: 1 })).toBe(2 * mebibyte);
});

test('a thread takes all of a buffer at once, and no more of long lines than one of them may have', () => {
  const path = scratchFile('rows', '');
  truncateSync(path, 160 * mebibyte);
  const session = { memoryBytes: 700e6, threads: 2 };
  const read = (lengths?: { longestLine: number; meanLine: number }) =>
    textColumns({ path, session }, ['a'], [], lengths);
  expect(read({ longestLine: 2000, meanLine: 1000 })).toContain(
    `max_line_size = ${27 * mebibyte}, buffer_size = ${27 * mebibyte}`,
  );
  expect(read()).toContain(`max_line_size = ${16 * mebibyte}, buffer_size = ${32 * mebibyte}`);
});

test('a buffer fills a row group where a sixth of the memory has room for one of each thread', () => {
  const session = { memoryBytes: 700e6, threads: 2 };
  expect(bufferOf(160 * mebibyte, session, 100)).toBe(14 * mebibyte);
  expect(bufferOf(320 * mebibyte, session, 330)).toBe(40 * mebibyte);
  expect(bufferOf(320 * mebibyte, { ...session, memoryBytes: 400e6 }, 330)).toBe(15 * mebibyte);
});

test('no buffer that fills none is larger than 32 MiB, however much memory there is', () => {
  expect(bufferOf(2048 * mebibyte, { memoryBytes: 4e9, threads: 2 })).toBe(32 * mebibyte);
});
