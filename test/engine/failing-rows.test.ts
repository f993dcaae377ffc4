import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { aggregate, derive, filter, from, lake, pipeline, route, s3, validate } from '../../lib/index.ts';
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
