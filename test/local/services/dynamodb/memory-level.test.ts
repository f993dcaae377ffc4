import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Change, Level } from '../../../../local/services/dynamodb/dynalite.ts';
import { MemoryLevel } from '../../../../local/services/dynamodb/memory-level.ts';

const require = createRequire(import.meta.url);
/** The database that keeps things on disk, in memory. */
const other = (): Level => require('dynalite/db').create({}).db;

const key = fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('a', 'b', 'c', '~', '\xff') });
const change = fc.oneof(
  fc.record({ type: fc.constant('put' as const), key, value: fc.record({ n: fc.nat(9) }) }),
  fc.record({ type: fc.constant('del' as const), key }),
);
const range = fc.record(
  { gt: key, gte: key, lt: key, lte: key, reverse: fc.boolean(), limit: fc.integer({ min: -1, max: 4 }) },
  { requiredKeys: [] },
);

const streamed = (level: Level, within: Record<string, unknown>) =>
  Array.fromAsync(level.createValueStream(within) as AsyncIterable<unknown>);

test('it gives what the database on disk gives, in its order', async () => {
  const batches = fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(batches, fc.array(range, { maxLength: 6 }), key, async (all, ranges, cleared) => {
      const [memory, expected] = [new MemoryLevel(), other()];
      for (const batch of all) {
        await memory.batch(batch as Change[]);
        await expected.batch(batch as Change[]);
      }
      for (const level of [memory, expected]) await level.clear({ gte: cleared, lt: `${cleared}\xff` });
      for (const { gt, gte, lt, lte, ...others } of ranges) {
        const within = { ...others, ...(gt ? { gt } : { gte: gte ?? '' }), ...(lte ? { lte } : { lt: lt ?? '\xff' }) };
        expect(await Array.fromAsync(memory.iterator(within))).toEqual(
          await Array.fromAsync(expected.iterator(within)),
        );
        expect(await streamed(memory, within)).toEqual(await streamed(expected, within));
      }
      for (const one of all.flat()) expect(await memory.get(one.key)).toEqual(await expected.get(one.key));
      await expected.close();
    }),
    { numRuns: 60 },
  );
});

test('nobody changes what is stored by what was written or read', async () => {
  const level = new MemoryLevel();
  const value = { list: [1] };
  await level.batch([{ type: 'put', key: 'a', value }]);
  value.list.push(2);
  (await level.get('a')).list.push(3);
  expect(await level.get('a')).toEqual({ list: [1] });
});

test('an iterator gives what was there when it began, and a stream more than it hands on at once', async () => {
  const level = new MemoryLevel();
  const keys = Array.from({ length: 100 }, (_, index) => `k${String(index).padStart(3, '0')}`);
  await level.batch(keys.map((key): Change => ({ type: 'put', key, value: key })));
  const seen: string[] = [];
  for await (const [key] of level.iterator({ gte: 'k', lt: 'l' })) {
    seen.push(key);
    await level.batch([
      { type: 'del', key: 'k050' },
      { type: 'put', key: `${key}x`, value: 0 },
    ]);
  }
  expect(seen).toEqual(keys);
  expect(await streamed(level, { gte: 'k', lt: 'l' })).toHaveLength(199);
});
