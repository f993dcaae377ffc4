import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { deduplicate, derive, window } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

const schema = z.object({ k: z.string().nullable(), at: z.int().nullable(), n: z.int() });
const rows = [
  { k: 'a', at: 2, n: 1 },
  { k: 'b', at: 1, n: 2 },
  { k: 'a', at: 3, n: 3 },
  { k: null, at: 1, n: 4 },
  { k: 'a', at: null, n: 5 },
  { k: null, at: null, n: 6 },
];

const kept = (applied: Awaited<ReturnType<typeof apply>>) => applied.rows.map(({ n }) => n).sort();

test('keeps the first of each key, NULLs being one key', async () => {
  const applied = await apply(rows, { schema }, [deduplicate({ key: ['k'] })]);
  expect(kept(applied)).toEqual([1, 2, 4]);
  expect(applied.count).toMatchObject({ rowsIn: 6, rowsOut: 3, merged: 3, rules: { 'same k': 3 } });
});

test('keeps the latest of each key; a row without a time is the oldest', async () => {
  expect(kept(await apply(rows, { schema }, [deduplicate({ key: ['k'], keep: 'latest', by: 'at' })]))).toEqual([
    2, 3, 4,
  ]);
});

test('compares all columns of the key', async () => {
  expect(kept(await apply(rows, { schema }, [deduplicate({ key: ['k', 'at'] })]))).toEqual([1, 2, 3, 4, 5, 6]);
});

test('keeps everything where nothing occurs twice, and nothing of nothing', async () => {
  expect(kept(await apply(rows, { schema }, [deduplicate({ key: ['n'] })]))).toHaveLength(6);
  expect(kept(await apply([], { schema }, [deduplicate({ key: ['n'] })]))).toEqual([]);
});

test('takes one row where all are equal', async () => {
  const equal = Array.from({ length: 50 }, () => ({ k: 'a', at: 1, n: 1 }));
  const applied = await apply(equal, { schema }, [deduplicate({ key: ['k', 'at', 'n'] })]);
  expect([applied.rows.length, applied.count.merged]).toEqual([1, 49]);
});

test('takes zero and negative zero for the same key', async () => {
  const numbers = [{ d: 0 }, { d: -0.0 }, { d: 1 }].map(({ d }, n) => ({ d: n === 1 ? '-0' : String(d) }));
  const applied = await apply(numbers, { schema: z.object({ d: z.string() }) }, [
    derive({ d: 'd::DOUBLE' }),
    deduplicate({ key: ['d'] }),
  ]);
  expect(applied.rows).toHaveLength(2);
});

test.each([
  ['close together', ['3', '1', '3', null, '2', null, '1', '3'], 4],
  ['of all the range', ['-9223372036854775808', '9223372036854775807', '-9223372036854775808', '-1', '0', '-1'], 4],
  ['that are all NULL', [null, null, null], 1],
])('takes integers %s for the same key where they are', async (_, values, keys) => {
  const given = values.map((k, n) => ({ k, n }));
  const steps = [derive({ i: 'k::BIGINT' }), deduplicate({ key: ['i'] })];
  const applied = await apply(given, { schema: z.object({ k: z.string().nullable(), n: z.int() }) }, steps);
  const first = (k: string | null) => values.indexOf(k);
  expect(kept(applied)).toEqual([...new Set(values)].map(first).sort());
  expect(applied.count).toMatchObject({ rowsOut: keys, merged: values.length - keys });
});

describe('refuses', () => {
  test.each([
    [
      'a key that is not there',
      { key: ['nmae'] },
      { part: 'main.1-deduplicate / key / 0', change: 'did you mean "name"?' },
    ],
    ['no key', { key: [] }, { part: 'main / deduplicate / key' }],
    [
      'an order that is not there',
      { key: ['name'], keep: 'latest' as const, by: 'dya' },
      { part: 'main.1-deduplicate / by' },
    ],
    [
      'the latest by nothing',
      { key: ['name'], keep: 'latest' as const },
      { problem: '`by` goes with keep: "latest", and only with it' },
    ],
    [
      'an order for the first',
      { key: ['name'], by: 'day' },
      { problem: '`by` goes with keep: "latest", and only with it' },
    ],
    [
      'another way to keep',
      { key: ['name'], keep: 'last' } as never,
      { part: 'main / deduplicate / keep', received: 'last' },
    ],
    ['an unknown option', { keys: ['name'] } as never, { part: 'main / deduplicate', change: 'did you mean "key"?' }],
  ])('%s', async (_, options, expected) => {
    expect((await mistakesIn(deduplicate(options)))[0]).toMatchObject(expected);
  });
});

test('integers of 128 bits travel to where rows meet as they are, as columns, keys and orders', async () => {
  const most = 2n ** 127n - 1n;
  const applied = await apply([{ n: 0 }, { n: 1 }, { n: 1 }, { n: 2 }], { schema: z.object({ n: z.int() }) }, [
    derive({ huge: `${most}::HUGEINT - n`, wide: '340282366920938463463374607431768211455::UHUGEINT - n::UHUGEINT' }),
    deduplicate({ key: ['huge'] }),
    window({ by: [], order: ['huge'], columns: { before: 'lag(wide)' } }),
    derive({ huge: 'huge::VARCHAR', wide: 'wide::VARCHAR', before: 'before::VARCHAR' }),
  ]);
  expect([...applied.rows].sort((a, b) => a.n - b.n)).toEqual(
    [0n, 1n, 2n].map((n) => ({
      n: Number(n),
      huge: String(most - n),
      wide: String(2n ** 128n - 1n - n),
      before: n === 2n ? null : String(2n ** 128n - 2n - n),
    })),
  );
});
