import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { deduplicate, derive } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

const schema = z.object({ a: z.int(), b: z.string().nullable() });

test('adds columns at the end and replaces one in its place', async () => {
  const applied = await apply([{ a: 2, b: 'x' }], { schema }, [
    derive({ c: 'a * 10', a: 'a + 1', d: "coalesce(b, '-')" }),
  ]);
  expect(applied.rows).toEqual([{ a: 3, b: 'x', c: 20, d: 'x' }]);
  expect(Object.keys(applied.types)).toEqual(['a', 'b', 'c', 'd']);
  expect(applied.count).toMatchObject({ rowsIn: 1, rowsOut: 1, rules: {} });
});

test('computes every column from what reaches the step, not from each other', async () => {
  const applied = await apply([{ a: 1, b: null }], { schema }, [derive({ a: 'a + 1', c: 'a' })]);
  expect(applied.rows).toEqual([{ a: 2, b: null, c: 1 }]);
});

test('knows comments, CASE, casts, lists and lambdas', async () => {
  const applied = await apply([{ a: 3, b: 'x,y' }], { schema }, [
    derive({
      commented: 'a -- what follows is no SQL',
      kind: "CASE WHEN a > 2 THEN 'large' ELSE 'small' END",
      parts: "len(string_split(b, ','))",
      sum: 'list_sum(list_transform([1, 2, 3], lambda x: x * a))',
      json: "to_json({'a': a, 'b': [b]})::VARCHAR",
    }),
  ]);
  expect(applied.rows).toEqual([
    { a: 3, b: 'x,y', commented: 3, kind: 'large', parts: 2, sum: 18, json: '{"a":3,"b":["x,y"]}' },
  ]);
});

test('finds columns in any case, and names of any kind in quotes', async () => {
  const odd = z.object({ 'a b': z.int(), select: z.int(), 'q"q': z.int(), "it's": z.int(), größe: z.int() });
  const applied = await apply([{ 'a b': 1, select: 2, 'q"q': 3, "it's": 4, größe: 5 }], { schema: odd }, [
    derive({ sum: '"A B" + "select" + "q""q" + "it\'s" + größe', 'new "name"': "'--'" }),
  ]);
  expect(applied.rows).toMatchObject([{ sum: 15, 'new "name"': '--' }]);
});

test('rejects a row on which an expression fails', async () => {
  const applied = await apply([{ a: 1, b: 'x' }], { schema }, [derive({ c: 'b::INTEGER' })]);
  expect(applied.rejects).toMatchObject([{ row: 1, rule: 'c can be computed' }]);
});

test('lists of a fixed length are stored as lists', async () => {
  const applied = await apply([{ a: 1, b: null }], { schema }, [
    derive({ point: '[a, a + 0.5]::DOUBLE[2]', pairs: '[[a, 2]::INTEGER[2]]' }),
    derive({ far: 'array_distance(point, [1, 5.5]::DOUBLE[2])' }),
    deduplicate({ key: ['a'] }),
  ]);
  expect(applied.rows).toEqual([{ a: 1, b: null, point: [1, 1.5], pairs: [[1, 2]], far: 4 }]);
  const stored = applied.code.plan.nodes.find(({ kind }) => kind === 'output')!.columns.slice(-3);
  expect(stored.map(({ type }) => type)).toEqual(['DOUBLE[]', 'INTEGER[][]', 'DOUBLE']);
});

describe('refuses', () => {
  test.each([
    [
      'an unknown column',
      'amuont * 2',
      { part: 'main.1-derive / columns / x', received: 'amuont', change: 'did you mean "amount"?' },
    ],
    ['what is no expression', 'amount +', { problem: expect.stringContaining('it ends too early') }],
    ['a type that does not fit', 'amount + day', { part: 'main.1-derive / columns / x' }],
    ['an unknown function', 'amountify(amount)', { problem: expect.stringContaining('amountify') }],
    ['an aggregate', 'sum(amount)', { problem: expect.stringContaining('it is an aggregate') }],
    ['a window', 'row_number() OVER ()', { problem: expect.stringContaining('a window function') }],
    ['a subquery', '(SELECT max(amount) FROM main)', { problem: expect.stringContaining('a subquery') }],
    ['a star', '*', { problem: expect.stringContaining('"*"') }],
    ['columns by pattern', "COLUMNS('a.*')", { problem: expect.stringContaining('"*"') }],
    ['a parameter', '$1', { problem: expect.stringContaining('a parameter') }],
    ['a position', '#1', { problem: expect.stringContaining('a position') }],
    ['two expressions', 'amount), (day', { problem: expect.stringContaining('a statement') }],
    ['a statement', 'amount; DROP TABLE x', { problem: expect.stringContaining('cannot be parsed') }],
    ['a FROM clause', 'amount) FROM (SELECT 1', { problem: expect.stringContaining('a statement') }],
    ['a WHERE clause', 'amount) WHERE (true', { problem: expect.stringContaining('a statement') }],
    ['a GROUP BY clause', 'amount) GROUP BY (amount', { problem: expect.stringContaining('a statement') }],
    ['a UNION', 'amount) UNION (SELECT 1', { problem: expect.stringContaining('an expression') }],
    ['a name for itself', 'amount) AS other --', { problem: expect.stringContaining('an expression') }],
    ['time', 'now()', { problem: expect.stringContaining('it calls now') }],
    ['time as a word', 'day < current_date', { problem: expect.stringContaining('it calls current_date') }],
    ['age without a second time', 'age(day::TIMESTAMP)', { problem: expect.stringContaining('it calls age') }],
    ['chance', 'random()', { problem: expect.stringContaining('it calls random') }],
    ['chance by its full name', 'main.random()', { problem: expect.stringContaining('it calls random') }],
    ['several rows of one', 'unnest([1, 2])', { problem: expect.stringContaining('several rows of one') }],
    ['a hidden column', 'rowid', { received: 'rowid' }],
    ["Penstock's own column", '__row', { received: '__row' }],
    ['a table in front of the column', 'main.amount', { received: 'main' }],
    [
      'members without names',
      'row(amount, name)',
      { received: 'STRUCT(BIGINT, VARCHAR)', change: expect.stringContaining('name the members') },
    ],
    ['members without names in a list', 'list_zip([amount], [day])', { part: 'main.1-derive / columns / x' }],
    ['a number beyond all', 'amount + 1e400', { problem: expect.stringContaining('too large') }],
    ['a file', "read_text('/etc/passwd')", { part: 'main.1-derive / columns / x' }],
  ])('%s', async (_, x, expected) => {
    expect(await mistakesIn(derive({ x }))).toMatchObject([expected]);
  });

  test('names that DuckDB takes for one, and names that Penstock keeps', async () => {
    expect(await mistakesIn(derive({ Name: "'x'" }))).toMatchObject([{ problem: 'there are two columns "Name"' }]);
    expect(await mistakesIn(derive({ __x: "'x'" }))).toMatchObject([
      { problem: 'the name "__x" is kept for Penstock' },
    ]);
    expect(await mistakesIn(derive({ '': "'x'" }))).toHaveLength(1);
  });

  test('no pair that is looked into where it is made', async () => {
    expect(await mistakesIn(derive({ x: "(amount, name)[1] + list_zip([1], ['inf'])[1][1]" }))).toEqual([]);
  });

  test('columns that a table cannot hold', async () => {
    expect(await mistakesIn(derive({ x: "INTERVAL '1' DAY" }))).toMatchObject([
      { part: 'table.out', received: 'INTERVAL' },
    ]);
    expect(await mistakesIn(derive({ x: "[INTERVAL '1' DAY]" }))).toMatchObject([
      { part: 'table.out', received: 'INTERVAL[]' },
    ]);
  });
});
