import { expect, test } from 'vitest';
import type { Plan, SourceNode } from '../../lib/component/plan.ts';
import s3 from '../../lib/connectors/s3.ts';
import { chunkBytesFor } from '../../lib/core/chunk-bytes.ts';
import { cutText } from '../../lib/runtime/extract/cut-text.ts';
import { planChunks } from '../../lib/runtime/extract/plan-chunks.ts';
import type { ObjectStore } from '../../lib/runtime/ports/object-store.ts';
import { ordersPlan, ordersPipeline as pipeline } from '../fixtures/orders-plan.ts';

const GB = 1024 ** 3;
const MB = 1024 ** 2;
const plan: Plan = {
  ...ordersPlan,
  resources: { ...ordersPlan.resources, chunkBytes: 64 * MB, workerMemoryMegabytes: 1769, partitions: 256 },
};
const fileOf = (size: number) => ({ source: 'orders', key: 'landing/orders/large', versionId: 'v', size });

test.each([
  ['csv', 'a,b\n', `${'1'.repeat(43)},"two\nlines of text"\n`],
  ['ndjson', '', `{"a":1,"b":"${'x'.repeat(49)}"}\n`],
])('a %s file is cut in one pass, two pieces of a few megabytes at a time', async (format, header, record) => {
  expect(record.length).toBe(64);
  const size = 40 * MB;
  // Nothing of the file exists: each piece is made as it is asked for.
  const piece = Buffer.from(record.repeat((8 * MB) / 64));
  const start = Buffer.concat([Buffer.from(header), piece]);
  let [waiting, most, largest, read] = [0, 0, 0, 0];
  const objects = {
    async readRange(_: unknown, from: number, to: number) {
      most = Math.max(most, ++waiting);
      largest = Math.max(largest, to - from);
      read += to - from;
      await undefined;
      waiting--;
      if (to - from <= 64) return start.subarray(from, to);
      const offset = from < header.length ? 0 : (from - header.length) % 64;
      return from === 0
        ? start.subarray(0, to)
        : Buffer.concat([piece.subarray(offset), piece.subarray(0, offset)]).subarray(0, to - from);
    },
  } as Partial<ObjectStore> as ObjectStore;
  const options = { format, delimiter: ',', quote: '"', header: true };
  const source = { ...(ordersPlan.nodes[0] as SourceNode), component: 's3', options };
  const file = fileOf(header.length + size);
  const code = { ...pipeline, components: { s3 } };
  const parts = await cutText(objects, file, { pipeline: code, source, chunkBytes: 4 * MB });
  expect(most).toBeLessThanOrEqual(2);
  expect(largest).toBeLessThanOrEqual(8 * MB);
  // All of it once, and its first bytes, which tell how it is packed.
  expect(read).toBe(file.size + 4);
  expect(parts.length).toBe(Math.ceil(file.size / (4 * MB)));
  expect(parts.map(({ from }) => from)).toEqual([header.length, ...parts.slice(0, -1).map(({ to }) => to)]);
  expect(parts.at(-1)!.to).toBe(file.size);
  for (const part of parts) expect(part.recordsBefore).toBe((part.from - header.length) / 64);
});

test('a file of ten gigabytes is as many chunks as it holds, none larger than its row groups allow', () => {
  const groups = Array.from({ length: 160 }, (_, index) => ({
    rows: 1_000_000,
    bytes: { from: index * 64 * MB, to: (index + 1) * 64 * MB },
  }));
  const { items, solo } = planChunks(plan, [fileOf(10 * GB)], { rowGroups: new Map([[0, groups]]), parts: new Map() });
  expect(solo).toBe(false);
  expect(items.process!.map(({ inputs }) => inputs!.map(({ rows }) => rows))).toEqual(
    groups.map((_, index) => [{ from: index * 1_000_000, to: (index + 1) * 1_000_000 }]),
  );
  expect(items['reduce-1']).toHaveLength(32);
});

test.each([
  ['the size that the plan says, up to a thousand of them', 512, 60 * GB, 64 * MB],
  ['a thousandth of the input, where more memory lets them', 1769, 100 * GB, Math.floor((100 * GB) / 1000)],
  ['an eighth of the memory at the most', 1769, 1000 * GB, (1769 * MB) / 8],
  ['an eighth of more memory', 3008, 1000 * GB, (3008 * MB) / 8],
])('chunks have %s', (_, workerMemoryMegabytes, bytes, expected) => {
  expect(chunkBytesFor({ workerMemoryMegabytes, chunkBytes: 64 * MB }, bytes)).toBe(expected);
});
