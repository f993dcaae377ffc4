import { expect, test } from 'vitest';
import type { Plan, SourceNode } from '../../lib/component/plan.ts';
import s3 from '../../lib/connectors/s3.ts';
import { chunkBytesFor } from '../../lib/core/chunk-bytes.ts';
import { cutText } from '../../lib/runtime/extract/cut-text.ts';
import { inPieces } from '../../lib/runtime/extract/in-pieces.ts';
import { planChunks } from '../../lib/runtime/extract/plan-chunks.ts';
import type { ByteRange, ObjectStore } from '../../lib/runtime/ports/object-store.ts';
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
])('a %s file is cut in one pass, as its bytes come', async (format, header, record) => {
  expect(record.length).toBe(64);
  const size = 24 * MB;
  const records = Buffer.from(record.repeat(1024));
  const start = Buffer.concat([Buffer.from(header), records]);
  let [waiting, most, read] = [0, 0, 0];
  const objects = {
    readRange: async (_: unknown, from: number, to: number) => start.subarray(from, to),
    // Nothing of the file exists: its bytes are made as they are asked for.
    async *streamRange(_: unknown, { from, to }: ByteRange) {
      most = Math.max(most, ++waiting);
      for (let at = from; at < to; ) {
        const bytes = at === 0 ? start : records.subarray((at - header.length) % 64);
        yield bytes.subarray(0, to - at);
        at += Math.min(bytes.length, to - at);
      }
      read += to - from;
      waiting--;
    },
  } as Partial<ObjectStore> as ObjectStore;
  const options = { format, delimiter: ',', quote: '"', header: true };
  const source = { ...(ordersPlan.nodes[0] as SourceNode), component: 's3', options };
  const file = fileOf(header.length + size);
  const code = { ...pipeline, components: { s3 } };
  const parts = await cutText(objects, file, { pipeline: code, source, chunkBytes: 4 * MB });
  expect(most).toBe(1);
  expect(read).toBe(file.size);
  expect(parts.length).toBe(Math.ceil(file.size / (4 * MB)));
  expect(parts.map(({ from }) => from)).toEqual([header.length, ...parts.slice(0, -1).map(({ to }) => to)]);
  expect(parts.at(-1)!.to).toBe(file.size);
  for (const part of parts) expect(part.recordsBefore).toBe((part.from - header.length) / 64);
});

test('a large file is asked for in parts of it, and comes in one buffer', async () => {
  const asked: number[] = [];
  const objects = {
    async *streamRange(_: unknown, { from, to }: ByteRange) {
      asked.push(from, to);
      yield Buffer.alloc(to - from - 3, 'a');
      yield Buffer.from('xyz');
    },
  };
  const size = 64 * MB + 10;
  const [buffers, ends] = [new Set<ArrayBufferLike>(), [] as string[]];
  let bytes = 0;
  for await (const piece of inPieces(objects, { key: 'large', size }, 16 * MB)) {
    buffers.add(piece.buffer);
    bytes += piece.length;
    ends.push(piece.subarray(-3).toString());
  }
  expect(asked).toEqual([0, 64 * MB, 64 * MB, size]);
  expect(buffers.size).toBe(1);
  expect(bytes).toBe(size);
  expect(ends).toEqual(['aaa', 'aaa', 'aaa', 'xyz', 'xyz']);
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
