import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { cast } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

const schema = z.object({ v: z.string().nullable() });
const texts = (...values: (string | null)[]) => values.map((v) => ({ v }));

describe('converts text', () => {
  test.each<[string, Parameters<typeof cast>[0][string], string[], unknown[]]>([
    ['to a decimal', 'DECIMAL(12,2)', ['1.5', '-0.10', '7', '.5'], [1.5, -0.1, 7, 0.5]],
    ['to an integer', 'integer', ['1', ' 2 '], [1, 2]],
    ['to a date', 'DATE', ['2001-01-31'], ['2001-01-31']],
    ['to a date of its own format', { type: 'DATE', format: '%d.%m.%Y' }, ['31.01.2001'], ['2001-01-31']],
    [
      'to a time of its own format',
      { type: 'TIMESTAMP', format: '%d.%m.%Y %H:%M' },
      ['31.01.2001 10:11'],
      ['2001-01-31 10:11:00'],
    ],
    ['to a truth value', 'BOOLEAN', ['true', 'f'], [true, false]],
    [
      'to a decimal, however it is written',
      'DECIMAL(12,2)',
      ['1.50', '1e2', '-12.5E-1', '1.230'],
      [1.5, 100, -1.25, 1.23],
    ],
    ['to itself', 'VARCHAR', ['x'], ['x']],
    ['to an identifier', 'UUID', ['0190163d-8694-739b-aea5-966c26f8ad91'], ['0190163d-8694-739b-aea5-966c26f8ad91']],
  ])('%s', async (_, type, given, expected) => {
    const applied = await apply(texts(...given), { schema }, [cast({ v: type })]);
    expect([applied.rows.map(({ v }) => v), applied.rejects]).toEqual([expected, []]);
  });
});

describe('rejects what would lose something', () => {
  test.each<[Parameters<typeof cast>[0][string], string[]]>([
    ['DECIMAL(12,2)', ['1.005', '1.23456e2', '1e-3', '1e2x', '99999999999.99', 'x', '']],
    ['SMALLINT', ['32768', '1.5']],
    ['DOUBLE', ['1e400', '-1.8e308', '1e-400', `0.${'0'.repeat(400)}1`]],
    ['FLOAT', ['1e39', '1e-50']],
    ['DATE', ['2001-02-30', '2001-01-01 10:00:00', 'epoch']],
    [{ type: 'DATE', format: '%b %d %Y' }, ['2001-01-01', 'Feb 30 2001']],
    [{ type: 'DATE', format: '%Y-%m-%d %H:%M' }, ['2001-01-01 10:00']],
    ['TIMESTAMP', ['2001-01-01 00:00:00.1234567']],
  ])('%j', async (type, given) => {
    const applied = await apply(texts(null, ...given), { schema }, [cast({ v: type })]);
    expect(applied.rows).toEqual([{ v: null }]);
    expect(applied.rejects.map(({ row }) => row)).toEqual(given.map((_, index) => index + 2));
  });

  test('numbers that are no text', async () => {
    const numbers = z.object({ d: z.number(), i: z.int() });
    const rows = [
      { d: 1, i: 1 },
      { d: 1.5, i: 1 },
      { d: 2, i: 300 },
    ];
    const applied = await apply(rows, { schema: numbers }, [cast({ d: 'BIGINT', i: 'TINYINT' })]);
    expect(applied.rows).toEqual([{ d: 1, i: 1 }]);
    expect(applied.count.rules).toEqual({ 'd is BIGINT': 1, 'i is TINYINT': 1 });
    expect(applied.rejects[0]).toMatchObject({ row: 2, reason: 'd: "1.5" is not BIGINT', raw: '{"d":1.5,"i":1}' });
  });

  test('a time of day, but not midnight, when a date is wanted', async () => {
    const rows = [{ t: '2001-01-01T00:00:00Z' }, { t: '2001-01-01T00:00:01Z' }];
    const applied = await apply(rows, { schema: z.object({ t: z.iso.datetime() }) }, [cast({ t: 'DATE' })]);
    expect([applied.rows, applied.rejects.length]).toEqual([[{ t: '2001-01-01' }], 1]);
  });
});

test('leaves the other columns and their order alone', async () => {
  const applied = await apply(
    [{ a: '1', b: '2', c: '3' }],
    { schema: z.object({ a: z.string(), b: z.string(), c: z.string() }) },
    [cast({ b: 'BIGINT' })],
  );
  expect(applied.types).toEqual({ a: 'VARCHAR', b: 'BIGINT', c: 'VARCHAR' });
});

describe('refuses', () => {
  test.each([
    [
      'a column that is not there',
      { nmae: 'DATE' },
      { part: 'main.1-cast / columns / nmae', change: 'did you mean "name"?' },
    ],
    ['a type that is none', { name: 'NUMBER' }, { part: 'main / cast / columns / name' }],
    ['a type without its width', { name: 'DECIMAL' }, { part: 'main / cast / columns / name' }],
    ['SQL in place of a type', { name: 'DATE) IS NULL OR (1=1' }, { part: 'main / cast / columns / name' }],
    ['a width that does not exist', { name: 'DECIMAL(99,2)' }, { part: 'main / cast / columns / name' }],
    [
      'a format for numbers',
      { amount: { type: 'DATE', format: '%Y' } } as const,
      { part: 'main.1-cast / columns / amount' },
    ],
    [
      'a format that is none',
      { name: { type: 'DATE', format: '%!' } } as const,
      { part: 'main.1-cast / columns / name / format', received: '%!' },
    ],
    [
      'an unknown key',
      { name: { type: 'DATE', format: '%Y', locale: 'de' } } as never,
      { part: 'main / cast / columns / name' },
    ],
  ])('%s', async (_, columns, expected) => {
    expect(await mistakesIn(cast(columns))).toMatchObject([expected]);
  });
});
