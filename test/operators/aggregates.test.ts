import { expect, test } from 'vitest';
import * as z from 'zod';
import { aggregate, derive } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';

/** `apply` compares one chunk with three: what it gives is the same in both, to the last bit. */
const schema = z.object({ k: z.string().nullable(), n: z.int().nullable(), x: z.string().nullable(), t: z.string() });
const sizes = ['0.1', '0.2', '0.3', '-1e300', '1e300', '1e-300', '5e-324', '1e17', '-0.0', null, '123456.789', '2e22'];
const rows = Array.from({ length: 60 }, (_, index) => ({
  k: index % 7 === 0 ? null : `k${index % 2}`,
  n: index % 5 === 0 ? null : (index * 7919) % 101,
  x: sizes[index % sizes.length]!,
  t: `t${(index * 31) % 11}`,
}));
const typed = derive({
  x: 'x::DOUBLE',
  f: 'TRY_CAST(x AS FLOAT)',
  d: 'n::DECIMAL(18,3) / 7',
  b: 'n > 50',
  day: "DATE '2001-01-01' + n::INTEGER",
});

async function measured(measures: Record<string, string>, given: readonly object[] = rows) {
  return apply(given, { schema }, [typed, aggregate({ by: ['k'], measures })]);
}

const merges = (applied: Awaited<ReturnType<typeof measured>>) => applied.code.plan.stages[0]!.exchanges[0]!.merges;

test('merges groups in each chunk where the parts add up to the same', async () => {
  const applied = await measured({
    rows: 'count(*)',
    filled: 'count(n)',
    large: 'count(*) FILTER (n > 50)',
    some: 'count_if(b)',
    sum: 'sum(n)',
    decimal: 'sum(d)',
    mean: 'avg(n)',
    meanDecimal: 'avg(d)',
    least: 'min(t)',
    most: 'max(x)',
    all: 'bool_and(b)',
    any: 'bool_or(b)',
    bits: 'bit_xor(n)',
    sumOfFloats: 'sum(x)',
    meanOfFloats: 'avg(f) FILTER (abs(x) < 1e9)',
    ratio: 'sum(x) / count(x)',
    geometric: 'geomean(abs(n) + 1)',
    weighted: 'weighted_avg(n, n + 0.5)',
    none: "sum(n) FILTER (t = 'nothing')",
    zero: 'sum(x) FILTER (x = 0)',
    huge: 'max(n::HUGEINT * 170141183460469231731687303715884)',
  });
  expect(merges(applied)).toBe(true);
  expect(applied.rows).toHaveLength(3);
  expect(applied.count).toMatchObject({ rowsIn: 60, rowsOut: 3, merged: 57 });
});

test('sends the rows where all must be there at once, and orders them by their place', async () => {
  const applied = await measured({
    median: 'median(n)',
    quantile: 'quantile_cont(x, 0.3)',
    kinds: 'count(DISTINCT t)',
    sumOfKinds: 'sum(DISTINCT x)',
    spread: 'stddev(x) FILTER (abs(x) < 1e9)',
    together: 'corr(n, n * n)',
    names: "string_agg(t, '|' ORDER BY n)",
    first: 'first(t ORDER BY day)',
    best: 'arg_max(t, n)',
    product: 'product(n + 0.1)',
    tail: 'skewness(n)',
    common: 'mode(t ORDER BY t)',
    inOrder: 'list(n ORDER BY n)',
    backwards: 'array_agg(t ORDER BY t DESC NULLS LAST)',
    chaos: 'entropy(t)',
  });
  expect(merges(applied)).toBeUndefined();
  expect(applied.rows).toHaveLength(3);
});

test('joins different texts with a separator, which orders nothing', async () => {
  const given = ['b', 'a', 'b', 'c'].map((t, n) => ({ k: 'x', n, x: '0', t }));
  const { rows: found } = await measured(
    {
      up: "string_agg(DISTINCT t, ',' ORDER BY t)",
      down: "string_agg(DISTINCT t, ',' ORDER BY t DESC)",
      late: "string_agg(DISTINCT t, '' ORDER BY t) FILTER (n > 0)",
    },
    given,
  );
  expect(found).toEqual([{ k: 'x', up: 'a,b,c', down: 'c,b,a', late: 'abc' }]);
});

test('takes the values of a call from WITHIN GROUP', async () => {
  const given = [1, 5, 7, 8, 8].map((n) => ({ k: 'x', n, x: '0', t: '' }));
  const { rows: found } = await measured(
    {
      up: 'percentile_cont(0.25) WITHIN GROUP (ORDER BY n)',
      down: 'percentile_disc([0.2, 0.6]) WITHIN GROUP (ORDER BY n DESC)',
      cast: 'percentile_disc([0.9]::DOUBLE[]) WITHIN GROUP (ORDER BY n DESC)',
      some: 'percentile_disc(0.5) WITHIN GROUP (ORDER BY n) FILTER (n < 7)',
      common: 'mode() WITHIN GROUP (ORDER BY n)',
      even: 'mode() WITHIN GROUP (ORDER BY n % 2 DESC)',
    },
    given,
  );
  expect(found).toEqual([{ k: 'x', up: 5, down: [8, 7], cast: [1], some: 1, common: 8, even: 1 }]);
});

test('makes structures of what several calls give', async () => {
  const given = [1, 4, 16].map((n) => ({ k: 'x', n, x: '0', t: '' }));
  const measures = {
    span: "{'lo': min(n), 'hi': max(n), 'middle': round(geomean(n), 6)}",
    mean: 'struct_pack(m := geomean(n)::BIGINT, pair := [min(n), max(n)])',
  };
  const { rows: found } = await measured(measures, given);
  expect(found).toEqual([{ k: 'x', span: { lo: 1, hi: 16, middle: 4 }, mean: { m: 4, pair: [1, 16] } }]);
});

test('adds floating-point numbers exactly, whatever their sizes', async () => {
  const values = ['1e100', '1', '-1e100', '0.1', '0.2', '-0.3', '1e-320'];
  const given = values.map((x) => ({ k: 'a', n: 1, x, t: '' }));
  const { rows: found } = await measured({ sum: 'sum(x)', mean: 'avg(x)' }, given);
  expect(found).toEqual([{ k: 'a', sum: 1, mean: 1 / 7 }]);
});

test('infinities and NaN stay what they are', async () => {
  const values = { all: ['inf', '1', '1e300'], both: ['inf', '-inf', '1'], none: ['1', 'nan'] };
  const given = Object.entries(values).flatMap(([k, ones]) => ones.map((x) => ({ k, n: 1, x, t: '' })));
  const { rows: found } = await measured({ sum: 'sum(x)::VARCHAR' }, given);
  expect(Object.fromEntries(found.map(({ k, sum }) => [k, sum]))).toEqual({ all: 'inf', both: 'nan', none: 'nan' });
});

test('means of nothing and of NULL alone are NULL', async () => {
  const given = [{ k: null, n: null, x: null, t: '' }];
  const { rows: found } = await measured(
    { mean: 'avg(n)', meanOfFloats: 'avg(x)', sum: 'sum(x)', rows: 'count(n)' },
    given,
  );
  expect(found).toEqual([{ k: null, mean: null, meanOfFloats: null, sum: null, rows: 0 }]);
});

test('constants beyond 2^53 in a measure keep every digit', async () => {
  const given = [{ k: 'a', n: 1, x: '1', t: '' }];
  const { rows: found } = await measured({ sum: '(sum(n) + 9007199254740993)::VARCHAR' }, given);
  expect(found).toEqual([{ k: 'a', sum: '9007199254740994' }]);
});
