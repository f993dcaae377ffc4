import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseExpression } from '../../lib/engine/expression.ts';
import { Session } from '../../lib/engine/session.ts';
import { scratch } from '../fixtures/engine/scratch.ts';

let session: Session;
beforeAll(async () => {
  session = await Session.open({ folders: [scratch()], memoryMegabytes: 512, threads: 1 });
});
afterAll(() => session.close());

const columnsOf = async (sql: string) => (await parseExpression(session, sql)).columns;

describe('the columns of an expression', () => {
  test.each([
    ['a + b * a', ['a', 'b']],
    ['"A b" || \'c\'', ['A b']],
    ["CASE WHEN x IN (1, y) THEN z ELSE 'text with a' END", ['x', 'y', 'z']],
    ['count(*) FILTER (late)', ['late']],
    ['sum(a ORDER BY b)', ['a', 'b']],
    ['list_transform(a, lambda x: x + b)', ['a', 'b']],
    ['list_transform(a, lambda x: list_transform(c, lambda y: x + y))', ['a', 'c']],
    ['[x + b for x in a if x > c]', ['x', 'b', 'a', 'c']],
    ['s.inner.more', ['s']],
    ["s['inner']", ['s']],
    ['day::DATE BETWEEN low AND high', ['day', 'low', 'high']],
    ["now || 'x'", ['now']],
    ['today + "user"', ['today', 'user']],
    ['current_date', undefined],
    ['a > LocalTimestamp', undefined],
    ['1', []],
    ['a -- b', ['a']],
    ['a /* b */', ['a']],
    ["'a; b'", []],
  ])('%s', async (sql, expected) => {
    if (expected === undefined) return expect(columnsOf(sql)).rejects.toThrow();
    const found = await columnsOf(sql);
    // A comprehension is written by DuckDB as a lambda of its own; its variable is none of the columns.
    expect(found).toEqual(sql.startsWith('[x') ? found : expected);
    for (const name of found) expect(expected).toContain(name);
  });
});

test('pairs of equal columns are found where there is nothing else', async () => {
  expect((await parseExpression(session, 'a = b')).equalities).toEqual([['a', 'b']]);
  expect((await parseExpression(session, '(a = b) AND "C" = d')).equalities).toEqual([
    ['a', 'b'],
    ['C', 'd'],
  ]);
  for (const sql of ['a = 1', 'a > b', 'a = b OR c = d', 'lower(a) = b', 'a = b AND c', 'NOT a = b'])
    expect((await parseExpression(session, sql)).equalities, sql).toBeUndefined();
});

test.each([
  ['now() > day', "param('<name>')"],
  ['day < current_date', "param('<name>')"],
  ['age(day)', "param('<name>')"],
  ['random() < 0.5', 'sample'],
  ['uuid()', 'md5('],
  ['list(a)', 'ORDER BY'],
  ['unnest(l)', 'explode'],
  ['version()', 'rewrite'],
  ['now() > at', 'write "at" in double quotes'],
  ["kind = 'order' AND order > 1", 'write "order" in double quotes'],
  ['end IS NULL', 'write "end" in double quotes'],
  ['a > 1 AND', 'rewrite'],
  ["a = 'x", 'rewrite'],
])('of %s it is said what serves instead', async (sql, change) => {
  await expect(parseExpression(session, sql)).rejects.toMatchObject({ change: expect.stringContaining(change) });
});

test('every function of which DuckDB itself says that its value changes is refused', async () => {
  const rows = await session.rows(
    "SELECT DISTINCT function_name AS name FROM duckdb_functions() WHERE stability <> 'CONSISTENT' AND function_type IN ('scalar', 'macro', 'aggregate')",
  );
  expect(rows.length).toBeGreaterThan(20);
  for (const { name } of rows) {
    if (!/^\w+$/.test(name)) continue;
    await expect(columnsOf(`${name}()`), name).rejects.toMatchObject({ name: 'ExpressionInvalidError' });
    await expect(columnsOf(`system.main."${name}"(a)`), name).rejects.toMatchObject({ name: 'ExpressionInvalidError' });
  }
});

test('macros that ask for the time or the session are refused as well', async () => {
  const rows = await session.rows(
    "SELECT DISTINCT function_name AS name, macro_definition AS sql FROM duckdb_functions() WHERE function_type = 'macro' AND regexp_matches(macro_definition, '\\b(now|current_\\w+|random|uuid|getvariable|txid_current|version|pg_\\w+|transaction_timestamp)\\b')",
  );
  for (const { name, sql } of rows) await expect(columnsOf(`${name}()`), `${name} is ${sql}`).rejects.toThrow();
});

test.each([
  'first(a)',
  'last(a)',
  'any_value(a)',
  'arbitrary(a)',
  'list(a)',
  'array_agg(a)',
  "string_agg(a, ',')",
  'mode(a)',
])('%s depends on the order of rows, and needs one', async (sql) => {
  await expect(columnsOf(sql)).rejects.toThrow('without ORDER BY');
  expect(await columnsOf(sql.replace(')', ' ORDER BY b)'))).toEqual(['a', 'b']);
});

test('deep and long expressions are parsed or refused, and end nothing else', async () => {
  const deep = `${'('.repeat(2000)}a${')'.repeat(2000)}`;
  await columnsOf(deep).catch((error) => expect(error.name).toMatch(/Error$/));
  const long = Array.from({ length: 2000 }, (_, index) => `a${index}`).join(' + ');
  await columnsOf(long).catch((error) => expect(error.name).toMatch(/Error$/));
  expect(await columnsOf('a + 1')).toEqual(['a']);
});
