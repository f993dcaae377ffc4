import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { cast, decimal, filter, from, lake, map, pipeline, s3 } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { run } from '../fixtures/engine/in-process-run.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';
import { problemsOf } from '../fixtures/engine/problems.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

const schema = z.object({ n: z.int(), s: z.string().nullable() });
const rows = [
  { n: 1, s: 'a' },
  { n: 2, s: null },
  { n: 3, s: 'c' },
];

test('goes on with what the function returns', async () => {
  const returns = z.object({ text: z.string(), double: z.int(), half: z.number(), odd: z.boolean() });
  const applied = await apply(rows, { schema }, [
    map(returns, ({ n, s }) => ({ text: `${s}!`, double: n * 2, half: n / 2, odd: n % 2 === 1 })),
  ]);
  expect(applied.rows).toEqual([
    { text: 'a!', double: 2, half: 0.5, odd: true },
    { text: 'null!', double: 4, half: 1, odd: false },
    { text: 'c!', double: 6, half: 1.5, odd: true },
  ]);
  expect(applied.types).toEqual({ text: 'VARCHAR', double: 'BIGINT', half: 'DOUBLE', odd: 'BOOLEAN' });
});

test('keeps the row that it throws for, whatever its columns are called', async () => {
  const given = { returned: { n: 1 }, given: { n: 2 } };
  const inner = z.object({ n: z.int() });
  const applied = await apply([given], { schema: z.object({ returned: inner, given: inner }) }, [
    map(z.object({ n: z.int() }), (): { n: number } => {
      throw new Error('no');
    }),
  ]);
  expect(applied.rejects).toMatchObject([{ rule: 'function returns', raw: JSON.stringify(given) }]);
});

test('gives the function values that JavaScript does not round', async () => {
  const wide = z.object({
    i: z.int(),
    h: z.bigint(),
    d: z.number(),
    t: z.iso.datetime(),
    x: z.string(),
    b: z.boolean(),
  });
  const row = {
    i: '9007199254740993',
    h: '12345678901234567890123',
    d: 0.1,
    t: '2001-01-31T10:00:00.123456Z',
    x: '1.10',
    b: true,
  };
  const seen: Record<string, unknown>[] = [];
  const applied = await apply([row], { schema: wide }, [
    cast({ x: 'DECIMAL(38,20)' }),
    map(z.object({ i: z.int(), h: z.bigint() }), (given) => {
      seen.push({ ...given });
      return { i: given.i, h: given.h };
    }),
  ]);
  expect(seen[0]).toEqual({
    i: 9_007_199_254_740_993n,
    h: 12_345_678_901_234_567_890_123n,
    d: 0.1,
    t: '2001-01-31 10:00:00.123456',
    x: '1.10000000000000000000',
    b: true,
  });
  expect(JSON.stringify(applied.rows)).toContain('"i":9007199254740');
  expect(applied.rejects).toEqual([]);
});

test('gives and takes lists and structures whose values JavaScript would round', async () => {
  const point = z.object({ n: z.bigint(), small: z.int(), sum: decimal(38, 10), at: z.iso.datetime().nullable() });
  const nested = z.object({ points: z.array(point), ids: z.array(z.bigint()) });
  const row = {
    points: [
      { n: '9007199254740993', small: 7, sum: '1234567890123456789.0000000001', at: '2001-01-31 10:00:00.123456' },
    ],
    ids: ['9223372036854775807', '3'],
  };
  const seen: unknown[] = [];
  const applied = await apply([row], { schema: nested }, [
    map(nested, ({ points, ids }) => {
      seen.push(
        JSON.parse(JSON.stringify({ points, ids }, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))),
      );
      return { points, ids: [...ids, 2 ** 60] as bigint[] };
    }),
    cast({ points: 'VARCHAR', ids: 'VARCHAR' }),
  ]);
  expect(seen).toEqual([{ points: [{ ...row.points[0], n: '9007199254740993n' }], ids: ['9223372036854775807n', 3] }]);
  expect(applied.rejects).toEqual([]);
  expect(applied.rows).toEqual([
    {
      points:
        '[{"n":"9007199254740993","small":7,"sum":"1234567890123456789.0000000001","at":"2001-01-31 10:00:00.123456"}]',
      ids: '[9223372036854775807,3,1152921504606846976]',
    },
  ]);
});

test('rejects a row for which the function throws, and only that', async () => {
  const applied = await apply(rows, { schema }, [
    map(z.object({ length: z.int() }), ({ s }) => ({ length: s.length })),
  ]);
  expect(applied.rows).toEqual([{ length: 1 }, { length: 1 }]);
  expect(applied.count).toMatchObject({ rejected: 1, rules: { 'function returns': 1 } });
  expect(applied.rejects).toMatchObject([
    { row: 2, rule: 'function returns', reason: expect.stringContaining('reading'), raw: '{"n":2,"s":null}' },
  ]);
});

describe('per batch', () => {
  const returns = z.object({ n: z.int(), length: z.int() });
  const lengths = ({ n, s }: Record<string, any[]>) => ({
    n: Int32Array.from(n!),
    length: s!.map((one: string) => one.length),
  });

  test('gives the function columns, and goes on with those that it returns', async () => {
    const sizes: number[] = [];
    const applied = await apply(rows, { schema }, [
      map(
        returns,
        (columns, count) => {
          sizes.push(count);
          return { n: columns.n!, length: columns.s!.map((one) => one?.length ?? 0) };
        },
        { per: 'batch' },
      ),
    ]);
    expect(applied.rows).toEqual([
      { n: 1, length: 1 },
      { n: 2, length: 0 },
      { n: 3, length: 1 },
    ]);
    expect(sizes).toEqual([3]);
  });

  test('finds the one row that makes a batch throw', async () => {
    const applied = await apply(rows, { schema }, [map(returns, lengths, { per: 'batch' })]);
    expect(applied.rows).toEqual([
      { n: 1, length: 1 },
      { n: 3, length: 1 },
    ]);
    expect(applied.rejects).toMatchObject([{ row: 2, reason: expect.stringContaining('reading') }]);
  });

  test('stops it, and rejects the row for which it does not end', async () => {
    const applied = await apply(rows, { schema }, [
      map(
        returns,
        (columns) => {
          while (columns.n!.includes(2));
          return { n: columns.n!, length: columns.n! };
        },
        { per: 'batch', deadlineSeconds: 0.05 },
      ),
    ]);
    expect(applied.rows.map(({ n }) => n)).toEqual([1, 3]);
    expect(applied.rejects).toMatchObject([{ row: 2, reason: expect.stringContaining('within 0.05 s') }]);
  });

  test.each<[string, unknown, string]>([
    ['rows', [{ n: 1, length: 1 }], 'the function returned an array, not columns'],
    ['too few values', { n: [], length: [1] }, 'returned 0 values of the column "n" for 1 rows'],
    ['one value for all', { n: 1, length: [1] }, 'the function returned number for the column "n"'],
    ['no such column', { n: [1] }, 'length: is missing'],
    ['what is not declared', { n: [1.5], length: [1] }, 'n: "1.5" is not a BIGINT'],
  ])('rejects %s', async (_, value, reason) => {
    const applied = await apply(rows.slice(0, 1), { schema }, [map(returns, () => value as never, { per: 'batch' })]);
    expect(applied.rejects[0]!.reason).toContain(reason);
  });
});

describe('rejects what is not the row that was declared', () => {
  const returns = z.object({ v: z.int().max(9), w: z.string().optional() });
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'the function returned undefined'],
    ['null', null, 'the function returned null'],
    ['a number', 7, 'the function returned number'],
    ['an array', [{ v: 1 }], 'the function returned an array'],
    ['a promise', Promise.resolve({ v: 1 }), 'it must not be async'],
    ['a row without a column', { w: 'x' }, 'v: is missing'],
    ['a fraction for an integer', { v: 1.5 }, 'v: "1.5" is not a BIGINT'],
    ['a text for an integer', { v: 'one' }, 'v: "one" is not a BIGINT'],
    ['a number that is none', { v: Number.NaN }, 'v: "NaN" is not a BIGINT'],
    ['a value beyond a rule', { v: 10 }, 'v: "10" is above 9'],
    ['a function', { v: 1, w: () => 1 }, 'a function is no value'],
    ['half a character', { v: 1, w: '\ud83d' }, 'half a character'],
    ['a ring', { v: 1, w: circular }, 'circular'],
    ['a date that is none', { v: 1, w: new Date('x') }, 'Invalid time value'],
    ['a date inside of a text that is none', { v: 1, w: [new Date('x')] }, 'Invalid time value'],
    ['a function inside of a text', { v: 1, w: [() => 1] }, 'a function is no value'],
    ['half a character inside of a text', { v: 1, w: ['\ud83d'] }, 'half a character'],
    ['bytes', { v: 1, w: Buffer.from('x') }, 'a value of class Buffer is no value'],
    ['a Map', { v: 1, w: new Map([['a', 1]]) }, 'a value of class Map is no value'],
    ['a Set inside of a text', { v: 1, w: { a: new Set([1]) } }, 'a value of class Set is no value'],
    ['a promise of a value', { v: 1, w: Promise.resolve('x') }, 'a value of class Promise is no value'],
    ['an error', { v: 1, w: new Error('x') }, 'a value of class Error is no value'],
  ])('%s', async (_, value, reason) => {
    const applied = await apply(rows.slice(0, 1), { schema }, [map(returns, () => value as never)]);
    expect(applied.rows).toEqual([]);
    expect(applied.rejects[0]!.reason).toContain(reason);
  });
});

test('takes columns by their names, whatever JavaScript means by them', async () => {
  const odd = z.object({ ['constructor' as 'a']: z.string(), 'a b': z.int() });
  const applied = await apply([{ constructor: 'c', 'a b': 1 }], { schema: odd }, [
    map(
      z.object({ toString: z.string().nullable(), hasOwnProperty: z.int() } as never),
      (row) => ({ hasOwnProperty: row['a b'] }) as never,
    ),
  ]);
  expect(applied.rows).toEqual([{ toString: null, hasOwnProperty: 1 }]);
});

test('keeps dates, integers beyond 2^53 and large fractions exactly', async () => {
  const returns = z.object({ day: z.iso.date(), at: z.date(), i: z.int(), d: z.number(), json: z.string() });
  const applied = await apply(rows.slice(0, 1), { schema }, [
    map(returns, () => ({
      day: '2001-01-31',
      at: new Date('2001-01-31T10:00:00.5Z'),
      i: 2 ** 60,
      d: 1e300,
      json: { a: [1] } as never,
    })),
  ]);
  expect(applied.rows).toEqual([
    { day: '2001-01-31', at: '2001-01-31 10:00:00.5', i: 2 ** 60, d: 1e300, json: '{"a":[1]}' },
  ]);
});

test('takes objects of libraries for the text that they say of themselves', async () => {
  const returns = z.object({ at: z.string(), inside: z.array(z.string()) });
  const applied = await apply(rows.slice(0, 1), { schema }, [
    map(returns, () => {
      const at = new URL('https://penstock.test/a') as never;
      return { at, inside: [at] };
    }),
  ]);
  expect(applied.rows).toEqual([{ at: 'https://penstock.test/a', inside: ['https://penstock.test/a'] }]);
});

test('keeps a byte order mark at the beginning of a text', async () => {
  const texts = z.object({ text: z.string() });
  const applied = await apply([{ text: '\uFEFFshort' }, { text: `\uFEFF${'long'.repeat(9)}` }], { schema: texts }, [
    map(texts, ({ text }) => ({ text })),
  ]);
  expect(applied.rows.map(({ text }) => text.codePointAt(0))).toEqual([0xfeff, 0xfeff]);
});

test('a pipeline that was bundled without the function fails, naming the step', async () => {
  const { code } = await apply([], { schema }, [map(z.object({ v: z.int() }), () => ({ v: 1 }))]);
  const main = [{ path: scratchFile('input-0', JSON.stringify(rows[0])) }];
  await expect(run({ ...code, functions: {} }, { main })).rejects.toThrow('main.1-map has no function');
});

test('tells what the calls of the function took, apart from the query that makes its rows', async () => {
  const { code } = await apply([], { schema }, [map(z.object({ n: z.int() }), ({ n }) => ({ n }))]);
  const path = scratchFile('main.ndjson', rows.map((row) => JSON.stringify(row)).join('\n'));
  const { chunks } = await run(code, { main: [{ path }] });
  const { 'call main.1-map': calls, 'main.1-map': step } = chunks[0]!.milliseconds;
  expect(calls).toBeGreaterThan(0);
  expect(calls).toBeLessThanOrEqual(step! + 1);
});

describe('refuses', () => {
  test('a contract with code in it', async () => {
    const coded = z.object({ v: z.string().transform((v) => v) }) as never;
    expect(await mistakesIn(map(coded, () => ({})))).toMatchObject([
      { problem: expect.stringContaining('it holds a transform') },
    ]);
  });

  test('a contract without columns, and one with twins', async () => {
    expect(await mistakesIn(map(z.object({}), () => ({})))).toMatchObject([{ part: 'main / map / columns' }]);
    expect(await mistakesIn(map(z.object({ a: z.int(), A: z.int() }), () => ({ a: 1, A: 1 })))).toMatchObject([
      { problem: 'there are two columns "A"' },
    ]);
  });

  test('a pattern that DuckDB cannot run', async () => {
    const returns = z.object({ v: z.string().regex(/^(?!x)/) });
    expect(await mistakesIn(map(returns, () => ({ v: 'a' })))).toMatchObject([
      { part: 'main / map / returns', problem: expect.stringContaining('looks around') },
    ]);
  });
});

describe('a function that does not come to an end', () => {
  const returns = z.object({ n: z.int() });
  const endless = (n: number) => {
    while (n > 0) n = 1;
    return n;
  };

  test.each([
    ['loops', (n: number) => endless(n)],
    ['backtracks', (n: number) => Number(/^(a+)+$/.test(`${'a'.repeat(40)}b${n}`))],
    [
      'catches whatever is thrown',
      (n: number) => {
        try {
          return endless(n);
        } catch {
          return 7;
        }
      },
    ],
  ])('is stopped where it %s, and costs that row only', async (_, stuck) => {
    const applied = await apply(rows, { schema }, [
      map(returns, ({ n }) => ({ n: n === 2 ? stuck(n) : n }), { deadlineSeconds: 0.2 }),
    ]);
    expect(applied.rows).toEqual([{ n: 1 }, { n: 3 }]);
    expect(applied.rejects).toMatchObject([
      { row: 2, rule: 'function returns', reason: expect.stringContaining('did not return within 0.2 s') },
    ]);
  });

  test('ends the run where it does so for many rows', async () => {
    const many = Array.from({ length: 20 }, (_, n) => ({ n: n + 1, s: null }));
    await expect(
      apply(many, { schema }, [map(returns, ({ n }) => ({ n: endless(n) }), { deadlineSeconds: 0.005 })]),
    ).rejects.toMatchObject({ name: 'StepFailedError', received: '0.005 s each' });
  });

  test('is not what takes long in all but for no row', async () => {
    const many = Array.from({ length: 20 }, (_, n) => ({ n, s: null }));
    const slow = (n: number) => {
      const until = performance.now() + 40;
      while (performance.now() < until);
      return n;
    };
    const applied = await apply(many, { schema }, [
      map(returns, ({ n }) => ({ n: slow(n) }), { deadlineSeconds: 0.5 }),
    ]);
    expect([applied.rows.length, applied.rejects]).toEqual([20, []]);
  });
});

test('takes numbers and texts of numbers alike, row by row', async () => {
  const returns = z.object({ i: z.int(), d: z.number().nullable(), b: z.boolean() });
  const given: Record<number, unknown> = {
    1: { i: 1, d: -0, b: true },
    2: { i: '2', d: '0.5', b: 'false' },
    3: { i: 3n, d: null, b: false },
    4: { i: 4, d: Number.NaN, b: true },
    5: { i: 1.5, d: 1, b: true },
  };
  const numbers = Object.keys(given).map((n) => ({ n: Number(n) }));
  const applied = await apply(numbers, { schema: z.object({ n: z.int() }) }, [
    map(returns, ({ n }) => given[n] as z.infer<typeof returns>),
  ]);
  expect(applied.rows).toEqual([
    { i: 1, d: 0, b: true },
    { i: 2, d: 0.5, b: false },
    { i: 3, d: null, b: false },
  ]);
  expect(applied.rejects.map(({ reason }) => reason)).toEqual(['d: "NaN" is not finite', 'i: "1.5" is not a BIGINT']);
});

test('a returned type that cannot be checked is told with all else that is wrong, not where the file is imported', async () => {
  const main = from(s3({ prefix: 'landing/main/', format: 'ndjson' }), z.object({ n: z.int() }));
  const odd = map(z.object({ a: z.any(), b: z.lazy(() => z.string()) }), (row) => row);
  const found = await problemsOf(() =>
    pipeline('odd', { outputs: [main.pipe(filter('m > 1'), odd).to(lake({ table: 'out' }))] }),
  );
  expect(found.map(({ at, problem }) => [at?.split('/').at(-1)?.replace(/:.*/, ''), problem])).toEqual([
    ['map.test.ts', 'the contract of column "a" cannot be checked in columns: its type is any'],
    ['map.test.ts', 'the contract of column "b" cannot be checked in columns: it holds code of its own'],
  ]);
});
