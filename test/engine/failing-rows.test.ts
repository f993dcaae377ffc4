import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  aggregate,
  derive,
  filter,
  from,
  lake,
  pipeline,
  pivot,
  route,
  s3,
  select,
  validate,
  window,
} from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { expectBalance } from '../fixtures/engine/balance.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { compiled, rejectFiles, run } from '../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

const schema = z.object({ code: z.string().nullable(), n: z.int(), part: z.object({ day: z.string() }) });
const row = (code: string | null, n = 1, day = '2001-02-03') => ({ code, n, part: { day } });
const rows = [row('1'), row('x'), row(null), row('y', 2 ** 53 - 1), row('4')];

test('a row on which a column cannot be computed becomes a reject; a NULL is none', async () => {
  const applied = await apply(rows, { schema }, [derive({ number: 'code::INTEGER' })]);
  expect(applied.rows.map(({ number }) => number)).toEqual([1, null, 4]);
  expect(applied.rejects).toMatchObject([
    { row: 2, rule: 'number can be computed', reason: 'code: "x" cannot be used for number = code::INTEGER' },
    { row: 4, rule: 'number can be computed' },
  ]);
  expect(JSON.parse(applied.rejects[0]!.raw)).toMatchObject({ code: 'x' });
  expect(applied.count).toMatchObject({ rowsIn: 5, rejected: 2, rowsOut: 3, rules: { 'number can be computed': 2 } });
});

test('a row whose empty list is reduced becomes a reject', async () => {
  const lists = [[1, 2], [], [3], null].map((list) => ({ list }));
  const applied = await apply(lists, { schema: z.object({ list: z.array(z.int()).nullable() }) }, [
    derive({
      sum: 'list_reduce(list, (a, b) -> a + b)',
      more: "{'of': reduce(list_append(list, 1), (a, b) -> a * b)}",
    }),
    filter('list IS NULL OR [reduce([one], lambda a, b: a) FOR one IN list] = list'),
  ]);
  expect(applied.rows.map(({ sum, more }) => [sum, more])).toEqual([
    [3, { of: 2 }],
    [3, { of: 3 }],
    [null, { of: 1 }],
  ]);
  expect(applied.rejects).toMatchObject([{ row: 2, rule: 'sum can be computed' }]);
});

test('columns that share a part each tell of it', async () => {
  const applied = await apply(rows, { schema }, [derive({ a: 'code::INTEGER + 1', b: 'code::INTEGER * 2' })]);
  expect(applied.rows.map(({ a, b }) => [a, b])).toEqual([
    [2, 2],
    [null, null],
    [5, 8],
  ]);
  expect(applied.rejects.map(({ reason }) => reason.split('; ').length)).toEqual([2, 2]);
});

test('a member of a structure, a sum without room, and a list that is mapped', async () => {
  const some = [row('1', 2 ** 53 - 1), row('1', 1, 'never'), row('a'), row('2')];
  const applied = await apply(some, { schema }, [
    derive({
      day: 'part.day::DATE',
      large: 'n * 9007199254740991',
      list: 'list_transform([code], lambda one: one::INTEGER)',
    }),
  ]);
  expect(applied.rejects.map(({ row, rule }) => [row, rule])).toEqual([
    [1, 'large can be computed'],
    [2, 'day can be computed'],
    [3, 'list can be computed'],
  ]);
  expect(applied.rows).toHaveLength(1);
});

test('what a later step would drop is tried as well, so that the cut of the input decides nothing', async () => {
  const applied = await apply(rows, { schema }, [
    derive({ number: 'code::INTEGER' }),
    filter('n < 100'),
    aggregate({ by: [], measures: { all: 'count(*)' } }),
  ]);
  expect(applied.rejects.map(({ row }) => row)).toEqual([2, 4]);
  expect(applied.rows).toEqual([{ all: 3 }]);
});

test('a filter before it keeps such rows away', async () => {
  const applied = await apply(rows, { schema }, [
    filter("code IS NULL OR code SIMILAR TO '[0-9]+'", { rule: 'is a number' }),
    derive({ number: 'code::INTEGER' }),
  ]);
  expect(applied.rejects).toEqual([]);
  expect(applied.rows).toHaveLength(3);
});

describe('a condition', () => {
  test('of a filter', async () => {
    const applied = await apply(rows, { schema }, [filter('code::INTEGER > 1', { rule: 'large' })]);
    expect(applied.rows.map(({ code }) => code)).toEqual(['4']);
    expect(applied.rejects).toMatchObject([
      {
        row: 2,
        rule: '"large" can be computed',
        reason: 'code: "x" cannot be used for the condition code::INTEGER > 1',
      },
      { row: 4 },
    ]);
    expect(applied.count).toMatchObject({ rejected: 2, filtered: 2, rowsOut: 1 });
  });

  test('of a rule, under its name and severity', async () => {
    const applied = await apply(rows, { schema }, [
      validate({ small: { column: 'n', holds: 'code::INTEGER < 4', severity: 'minor' } }),
    ]);
    expect(applied.rows.map(({ code }) => code)).toEqual(['1', null]);
    expect(applied.rejects.map(({ row, rule }) => [row, rule])).toEqual([
      [2, 'small'],
      [4, 'small'],
      [5, 'small'],
    ]);
    expect(applied.severities).toEqual(['minor', 'minor', 'minor']);
    expect(applied.count).toMatchObject({ rejected: 3, rules: { small: 3 } });
  });

  test('of a route: the row takes none, and becomes a reject where the rest goes', async () => {
    const main = from(s3({ prefix: 'landing/main/', format: 'ndjson' }), schema);
    const to = (way: string, table: string) => main.pipe(route({ low: 'code::INTEGER < 3' }, way)).to(lake({ table }));
    const code = await compiled(
      pipeline('routed', { outputs: [to('low', 'low_rows'), to('otherwise', 'other_rows')] }),
    );
    const path = scratchFile('input-0', rows.map((one) => JSON.stringify(one)).join('\n'));
    const result = await run(code, { main: [{ path }] });
    expectBalance(result);
    const [low, other] = result.steps.filter(({ node }) => node.includes('route'));
    expect(low).toMatchObject({ rowsIn: 5, rowsOut: 1, routed: 4, rejected: 0 });
    expect(other).toMatchObject({ rowsIn: 5, rowsOut: 2, routed: 1, rejected: 2 });
    const rejects = await query(`SELECT "row" FROM '${rejectFiles(result)[0]}' ORDER BY "row"`);
    expect(rejects.map(({ row }) => Number(row))).toEqual([2, 4]);
  });
});

test('a number that has no room for the fraction beside it', async () => {
  const [most, least] = ['9'.repeat(38), '1'];
  const wide = { schema: z.object({ n: z.bigint() }) };
  const given = [{ n: most }, { n: least }];
  for (const step of [filter('n > 0.5'), derive({ x: 'coalesce(n, 0.5)' }), derive({ x: 'n IN (0.5, 2)' })]) {
    const applied = await apply(given, wide, [step]);
    expect(applied.rejects).toMatchObject([{ row: 1, raw: `{"n":"${most}"}` }]);
    expect(applied.rows).toHaveLength(1);
  }
});

describe('what is given to an aggregate', () => {
  const some = [row('1', 1), row('x', 1), row('3', 2), row(null, 2), row('y', 2), row('4', 3)];
  const of = (measures: Record<string, string>) => apply(some, { schema }, [aggregate({ by: ['n'], measures })]);

  test('makes rejects of the rows on which it fails; the groups are made of the others, in one chunk and in many', async () => {
    const applied = await of({ total: 'sum(code::INTEGER)', middle: 'median(code::INTEGER)' });
    expect(applied.rows.map(({ n, total, middle }) => [n, total, middle]).sort()).toEqual([
      [1, 1, 1],
      [2, 3, 3],
      [3, 4, 4],
    ]);
    expect(applied.rejects).toMatchObject([
      {
        row: 2,
        rule: 'total can be computed',
        reason: expect.stringContaining('code: "x" cannot be used for total = sum(code::INTEGER); code: "x"'),
      },
      { row: 5 },
    ]);
    expect(JSON.parse(applied.rejects[0]!.raw)).toMatchObject({ code: 'x' });
    expect(applied.count).toMatchObject({ rowsIn: 6, rejected: 2, rowsOut: 3, merged: 1 });
  });

  test('is merged before rows travel where it can be', async () => {
    const applied = await of({ total: 'sum(code::INTEGER)', rows: 'count(*)' });
    expect(applied.code.plan.stages[0]!.exchanges[0]!.merges).toBe(true);
    expect(applied.rows.map(({ n, total, rows: count }) => [n, total, count]).sort()).toEqual([
      [1, 1, 1],
      [2, 3, 2],
      [3, 4, 1],
    ]);
    expect(applied.rejects.map((one) => one.row)).toEqual([2, 5]);
  });

  test('is not worked out of rows that a condition leaves out', async () => {
    const filtered = await of({ total: "sum(code::INTEGER * 2) FILTER (code < 'a')", all: 'count(*)' });
    expect([filtered.rejects, filtered.rows.map(({ total, all }) => [total, all]).sort()]).toEqual([
      [],
      [
        [2, 2],
        [6, 3],
        [8, 1],
      ],
    ]);
    const cells = await apply(some, { schema }, [
      pivot({ by: [], column: 'code', values: ['1', '3'], cell: 'sum(code::INTEGER + n)', other: 'rest' }),
    ]);
    expect([cells.rows, cells.rejects.map((one) => one.row)]).toEqual([[{ 1: 2, 3: 5, rest: 7 }], [2, 5]]);
  });

  test('by a condition that fails, or by an order of its own', async () => {
    const condition = await of({ large: 'count(*) FILTER (code::INTEGER > 1)' });
    expect(condition.rejects.map((one) => one.row)).toEqual([2, 5]);
    const order = await of({ list: 'list(n ORDER BY code::INTEGER)' });
    expect(order.rejects.map((one) => one.row)).toEqual([2, 5]);
    const macro = await apply([row('a', 0), row('a', 5)], { schema }, [
      aggregate({ by: [], measures: { mean: 'geomean(n)' } }),
    ]);
    expect([macro.rows[0]!.mean.toFixed(9), macro.rejects.map((one) => one.row)]).toEqual(['5.000000000', [1]]);
  });
});

test('a group whose results a measure cannot use becomes a reject, with the results as its row', async () => {
  const some = [row('a', 100), row('b', 1), row('a', 100)];
  const applied = await apply(some, { schema }, [
    aggregate({ by: ['code'], measures: { small: 'sum(n)::TINYINT', rows: 'count(*)' } }),
  ]);
  expect(applied.rows).toEqual([{ code: 'b', small: 1, rows: 1 }]);
  expect(applied.rejects).toMatchObject([
    { row: 1, rule: 'small can be computed', reason: 'small: "200" cannot be used for small = sum(n)::TINYINT' },
  ]);
  expect(JSON.parse(applied.rejects[0]!.raw)).toEqual({ code: 'a', 'sum(n)': '200', 'count_star()': 2 });
  expect(applied.count).toMatchObject({ rowsIn: 3, merged: 1, rejected: 1, rowsOut: 1 });
});

test('a group on which an aggregate function itself fails becomes a reject', async () => {
  const numbers = z.object({ k: z.int(), x: z.number() });
  const some = [
    ...Array.from({ length: 30 }, (_, k) => ({ k: k % 10, x: k })),
    { k: 3, x: 1e308 },
    { k: 3, x: -1e308 },
    { k: 7, x: 1e308 },
  ];
  const measures = { spread: 'stddev(x)', rows: 'count(*)' };
  const applied = await apply(some, { schema: numbers }, [aggregate({ by: ['k'], measures })]);
  expect(applied.rows.map(({ k, spread, rows: count }) => [k, spread, count]).sort()).toEqual(
    [0, 1, 2, 4, 5, 6, 8, 9].map((k) => [k, 10, 3]),
  );
  expect(applied.rejects).toMatchObject([
    {
      row: 4,
      rule: 'group can be computed',
      reason: expect.stringContaining('STDDEV_SAMP is out of range'),
      raw: '{"k":3}',
    },
    { row: 8, raw: '{"k":7}' },
  ]);
  expect(applied.count).toMatchObject({ rowsIn: 33, rowsOut: 8, rejected: 2, merged: 23 });
  const whole = await apply(some, { schema: numbers }, [aggregate({ by: [], measures })]);
  expect([whole.rows, whole.rejects.length, whole.count.merged]).toEqual([[], 1, 32]);
});

test('what is given to a window function makes rejects of the rows on which it fails', async () => {
  const some = [row('1'), row('x'), row('3'), row('4')];
  const applied = await apply(some, { schema }, [
    window({
      by: ['n'],
      order: ['code'],
      columns: { before: 'lag(code::INTEGER)', soFar: "sum(code::INTEGER) FILTER (code <> '3')" },
    }),
  ]);
  expect(applied.rows.map(({ before, soFar }) => [before, soFar])).toEqual([
    [null, 1],
    [1, 1],
    [3, 5],
  ]);
  expect(applied.rejects).toMatchObject([{ row: 2, rule: 'before can be computed' }]);
});

test('a row with a value that no file can hold becomes a reject of its output, and can be replayed', async () => {
  const main = from(s3({ prefix: 'landing/main/', format: 'ndjson' }), z.object({ n: z.int() })).pipe(
    derive({
      wide: "CASE n WHEN 1 THEN '170141183460469231731687303715884105727'::HUGEINT ELSE n END",
      at: "CASE n WHEN 2 THEN '290309-12-22 (BC) 00:00:00'::TIMESTAMP ELSE make_timestamp(n) END",
    }),
  );
  const code = await compiled(
    pipeline('stored', { outputs: [main.to(lake({ table: 'out', partitionBy: ['hour(at)'] }))] }),
  );
  const path = scratchFile('input-0', '{"n":1}\n{"n":2}\n{"n":3}\n');
  const result = await run(code, { main: [{ path }] });
  expectBalance(result);
  expect(result.steps.at(-1)).toMatchObject({
    rowsIn: 3,
    rowsOut: 1,
    rejected: 2,
    rules: { 'wide can be stored': 1, 'at can be stored': 1 },
  });
  const found = await query(`SELECT "row"::INTEGER AS "row", reason, form, raw FROM '${rejectFiles(result)[0]}'`);
  expect(found).toMatchObject([
    { row: 1, reason: expect.stringMatching(/^wide: .* cannot be used for a column of type DECIMAL\(38,0\)$/) },
    { row: 2, reason: expect.stringContaining('the partition hour(at)'), form: 'values', raw: '{"n":2}' },
  ]);
});

test('days and times of no year from 1 to 9999 are rejects of the output wherever they stand', async () => {
  const main = from(s3({ prefix: 'landing/main/', format: 'ndjson' }), z.object({ n: z.int() })).pipe(
    derive({
      day: "CASE n WHEN 1 THEN 'infinity'::DATE ELSE DATE '9999-12-31' - n::INTEGER END",
      at: "CASE n WHEN 2 THEN TIMESTAMP '9999-12-31 23:59:59' + INTERVAL 1 SECOND ELSE TIMESTAMP '0001-01-01' END",
      list: "CASE n WHEN 3 THEN [DATE '2001-01-01', NULL, '-infinity'::DATE] END",
      part: "CASE n WHEN 4 THEN {a: [{b: DATE '0044-03-15 (BC)'}], c: 1} END",
      text: "'infinity'",
    }),
  );
  const outputs = [
    main.to(lake({ table: 'out', partitionBy: ['day'] })),
    main.to(s3({ prefix: 'exports/all/', format: 'ndjson' })),
  ];
  const code = await compiled(pipeline('calendar', { outputs }));
  const path = scratchFile('input-0', Array.from({ length: 6 }, (_, n) => `{"n":${n}}\n`).join(''));
  const result = await run(code, { main: [{ path }] });
  expectBalance(result);
  for (const { rowsIn, rowsOut, rejected, rules } of result.steps.slice(-2))
    expect({ rowsIn, rowsOut, rejected, rules }).toEqual({
      rowsIn: 6,
      rowsOut: 2,
      rejected: 4,
      rules: { 'day can be stored': 1, 'at can be stored': 1, 'list can be stored': 1, 'part can be stored': 1 },
    });
  const found = await query(`SELECT "row"::INTEGER AS "row", reason, raw FROM '${rejectFiles(result)[0]}' LIMIT 4`);
  expect(found).toMatchObject([
    { reason: 'day: "infinity" cannot be used for a day or time of a year from 1 to 9999', raw: '{"n":1}' },
    {},
    {},
    {},
  ]);
});

test('groups that fail become rejects however many there are, whatever the function and the order of its rows', async () => {
  const numbers = z.object({ k: z.int().nullable(), x: z.number(), y: z.int() });
  const rows = Array.from({ length: 224 }, (_, i) => ({
    k: i % 112 === 0 ? null : i % 112,
    x: i % 28 > 2 && i < 112 ? 1e308 : -(i ** 2),
    y: i,
  }));
  const measures = { spread: 'stddev(x)', seen: 'bit_count(bitstring_agg(y::INTEGER, 0, 221))' };
  const applied = await apply(rows, { schema: numbers }, [aggregate({ by: ['k'], measures })]);
  expect(applied.count).toMatchObject({ rowsIn: 224, rejected: 100, merged: 112, rowsOut: 12 });
  const failed = Array.from({ length: 112 }, (_, k) => k).filter((k) => k % 28 > 2 || k > 109);
  expect(applied.rejects.map(({ raw }) => JSON.parse(raw).k)).toEqual(failed);
});

describe('a sum without room', () => {
  const wide = z.object({ k: z.int(), n: z.string(), money: z.string() });
  const most = '170141183460469231731687303715884105727';
  const some = [
    { k: 1, n: most, money: `${'9'.repeat(36)}.99` },
    { k: 1, n: most, money: `${'9'.repeat(36)}.99` },
    { k: 2, n: most, money: `-${'9'.repeat(36)}.99` },
    { k: 3, n: '-5', money: '-0.05' },
    { k: 3, n: '2', money: '0.02' },
    { k: 2, n: most, money: '0.01' },
    { k: 2, n: `-${most}`, money: '1.00' },
    { k: 4, n: `-${most}`, money: '0' },
    { k: 4, n: '-1', money: '0' },
  ];

  test('makes a reject of its group, however the rows are cut; parts of a sum need no room', async () => {
    const applied = await apply(some, { schema: wide }, [
      derive({ n: 'n::HUGEINT', money: 'money::DECIMAL(38, 2)' }),
      aggregate({ by: ['k'], measures: { total: 'sum(n)::VARCHAR', mean: 'avg(n)', money: 'sum(money)::VARCHAR' } }),
    ]);
    expect(applied.code.plan.stages[0]!.exchanges[0]!.merges).toBe(true);
    expect(applied.rows.toSorted((a, b) => a.k - b.k)).toEqual([
      { k: 2, total: most, mean: 2 ** 127 / 3, money: `-${'9'.repeat(35)}8.98` },
      { k: 3, total: '-3', mean: -1.5, money: '-0.03' },
      { k: 4, total: `-${BigInt(most) + 1n}`, mean: -(2 ** 126), money: '0.00' },
    ]);
    expect(applied.rejects).toMatchObject([
      {
        row: 1,
        rule: 'total can be computed',
        reason: expect.stringContaining('total: "3.402823669209385e+38" cannot be used for'),
      },
    ]);
    expect(applied.count).toMatchObject({ rowsIn: 9, rejected: 1, merged: 5, rowsOut: 3 });
  });

  test('makes a reject of each row whose frame has it; other rows still look at that row', async () => {
    const applied = await apply(some, { schema: wide }, [
      derive({ n: 'n::HUGEINT', money: 'money::DECIMAL(38, 2)' }),
      window({
        by: ['k'],
        order: ['money'],
        columns: {
          soFar: 'sum(n)',
          near: { call: 'sum(money) FILTER (money > 0)', preceding: 1 },
          mean: { call: 'avg(n)', preceding: 1, following: 1 },
        },
      }),
      derive({ soFar: 'soFar::VARCHAR', near: 'near::VARCHAR', money: 'money::VARCHAR' }),
      select('k', 'soFar', 'near', 'mean'),
    ]);
    expect(applied.rejects).toMatchObject([
      {
        row: 2,
        rule: 'soFar can be computed',
        reason: expect.stringMatching(
          /^soFar: "3.40282\d+e\+38" has no room in soFar = sum\(n\); near: "2e\+36" has no/,
        ),
        raw: expect.stringContaining(`"n":"${most}"`),
      },
      { row: 6, rule: 'soFar can be computed' },
    ]);
    const all = 2 ** 127;
    expect(new Set(applied.rows)).toEqual(
      new Set([
        { k: 1, soFar: most, near: `${'9'.repeat(36)}.99`, mean: all },
        { k: 2, soFar: most, near: null, mean: all },
        { k: 3, soFar: '-5', near: null, mean: -1.5 },
        { k: 3, soFar: '-3', near: '0.02', mean: -1.5 },
        { k: 2, soFar: most, near: '1.01', mean: 0 },
        { k: 4, soFar: `-${most}`, near: null, mean: -all / 2 },
        { k: 4, soFar: `-${BigInt(most) + 1n}`, near: null, mean: -all / 2 },
      ]),
    );
  });

  test('of different numbers is exact, whatever the order in which they come', async () => {
    const three = [most, `-${most}`, most, most, '7', '7', `-${most}`].map((n, k) => ({ k: k % 2, n, money: '1' }));
    const sums = {
      total: 'sum(DISTINCT n)::VARCHAR',
      some: 'sum(DISTINCT n) FILTER (n <> 7)',
      mean: 'avg(DISTINCT n)',
    };
    const beyond = [most, '7', most].map((n) => ({ k: 2, n, money: '1' }));
    const applied = await apply([...three, { k: 1, n: '1', money: '1' }, ...beyond], { schema: wide }, [
      derive({ n: 'n::HUGEINT' }),
      aggregate({ by: ['k'], measures: sums }),
    ]);
    expect(applied.rows).toEqual([
      { k: 0, total: '7', some: 0, mean: 7 / 3 },
      { k: 1, total: '8', some: 1, mean: 2 },
    ]);
    expect(applied.rejects).toMatchObject([{ row: 9, rule: 'total can be computed' }]);
  });
});
