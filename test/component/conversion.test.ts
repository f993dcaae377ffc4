import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conversion } from '../../lib/component/conversion.ts';
import { fieldConversion } from '../../lib/component/field-conversion.ts';
import { literal } from '../../lib/component/shape.ts';
import { Session } from '../../lib/engine/session.ts';
import { scratch } from '../fixtures/engine/scratch.ts';

let session: Session;
beforeAll(async () => {
  session = await Session.open({ folders: [scratch()], memoryMegabytes: 512, threads: 1 });
});
afterAll(() => session.close());

/** The converted value as text, or undefined where the conversion would lose something. */
async function converted(text: string, type: string): Promise<string | undefined> {
  const { value, kept } = conversion('given', 'VARCHAR', type);
  const [row] = await session.rows(
    `SELECT value::VARCHAR AS value, ${kept('value')} AS kept FROM (SELECT given, ${value} AS value FROM (SELECT ${literal(text)} AS given))`,
  );
  return row!.kept ? row!.value : undefined;
}

describe('integers', () => {
  test('of any size come back exactly or not at all', async () => {
    const sized = fc
      .constantFrom(8, 32, 53, 63, 64, 100, 127, 128, 200)
      .chain((bits) => fc.bigInt({ min: -(1n << BigInt(bits)), max: 1n << BigInt(bits) }));
    await fc.assert(
      fc.asyncProperty(sized, async (integer) => {
        const fits = integer >= -(2n ** 63n) && integer < 2n ** 63n;
        expect(await converted(String(integer), 'BIGINT')).toBe(fits ? String(integer) : undefined);
        const small = integer >= -(2n ** 31n) && integer < 2n ** 31n;
        expect(await converted(String(integer), 'INTEGER')).toBe(small ? String(integer) : undefined);
        const double = await converted(String(integer), 'DOUBLE');
        // JavaScript, too, writes its large numbers with zeros at the end.
        const exact = BigInt(Number(integer)) === integer || String(Number(integer)) === String(integer);
        expect(double === undefined ? undefined : Number(double)).toBe(exact ? Number(integer) : undefined);
      }),
      { numRuns: 100, seed: 7 },
    );
  });
});

describe('decimals', () => {
  test('keep every digit or are refused', async () => {
    const decimal = fc.tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.stringMatching(/^[0-9]{0,6}$/));
    await fc.assert(
      fc.asyncProperty(decimal, async ([whole, fraction]) => {
        const text = fraction === '' ? String(whole) : `${whole}.${fraction}`;
        const found = await converted(text, 'DECIMAL(12,3)');
        const fits = /^[0-9]{0,3}0*$/.test(fraction);
        expect(found).toBe(fits ? `${whole}.${fraction.slice(0, 3).padEnd(3, '0')}` : undefined);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});

describe('numbers', () => {
  test('of JavaScript survive the way through text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ noNaN: true, noDefaultInfinity: true }), async (number) => {
        const found = await converted(String(number), 'DOUBLE');
        expect(Object.is(Number(found), number) || Number(found) === number).toBe(true);
      }),
      { numRuns: 100, seed: 7 },
    );
  });
});

test.each([
  [
    'DOUBLE',
    ['1.5', '0.0', '-0.0', '23.983333333333334', '1e300', '0, 1e-300', '"0", 1e-300'],
    ['1e-400', '1e400', '9007199254740993'],
  ],
  ['FLOAT', ['1.5', '0.0', '0.1'], ['1e-60', '1e39', '16777217']],
])('a %s within JSON is never infinite or 0 of a number that is not', async (type, kept, refused) => {
  const conversion = fieldConversion('given', 'VARCHAR', `${type}[]`);
  const ask = async (text: string) => {
    const [row] = await session.rows(
      `SELECT ${conversion.kept('value')} AS kept FROM (SELECT given, ${conversion.value} AS value FROM (SELECT ${literal(`[${text}]`)} AS given))`,
    );
    return row!.kept;
  };
  for (const text of kept) expect([text, await ask(text)]).toEqual([text, true]);
  for (const text of refused) expect([text, await ask(text)]).toEqual([text, false]);
});

test('nothing is asked where the type is the wanted one', () => {
  expect(conversion('"a"', 'DATE', 'DATE')).toMatchObject({ value: '"a"' });
  expect(conversion('"a"', 'DATE', 'DATE').kept('"a"')).toBe('true');
});

/** What is at the edge of one type or another, or looks like it. */
const extremes = [
  ...['', ' ', '+', '-', '.5', '5.', '1e', '1,5', '1_000', '0x1F', '١٢٣', 'NaN', 'inf', '-Infinity', '1e308', '1e400'],
  ...['170141183460469231731687303715884105727', '340282366920938463463374607431768211455', '9'.repeat(38)],
  ...['9'.repeat(40), '9'.repeat(400), `${'9'.repeat(30)}.${'9'.repeat(30)}`, '1.5e10000', '4.9e-324'],
  ...['infinity', 'epoch', '5881580-07-10', '5877642-06-25', '290309-12-22 (BC)', '294247-01-10 04:00:54.775807'],
  ...['9999-12-31 23:59:59.9999999+15:59', '24:00:00', '23:59:60', '2026-02-30', '{"a":1}', '[[', 'null', '\ud83d'],
];
const types = [
  ...['BOOLEAN', 'TINYINT', 'INTEGER', 'BIGINT', 'UBIGINT', 'HUGEINT', 'FLOAT', 'DOUBLE', 'DECIMAL(12,2)', 'UUID'],
  ...['DECIMAL(38,0)', 'DECIMAL(38,38)', 'DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'BIGINT[]'],
];

async function ask(from: string, to: string, values: string): Promise<void> {
  const { value, kept, surelyKept } = conversion('given', from, to);
  await session.rows(
    `SELECT value::VARCHAR AS value, ${kept('value')} AS kept, ${surelyKept('value')} AS sure FROM (SELECT given, ${value} AS value FROM (VALUES ${values}) t(given))`,
  );
}

test.each(types)('no text makes the conversion to %s fail', async (type) => {
  await ask('VARCHAR', type, extremes.map((text) => `(${literal(text)})`).join(', '));
});

const nearTheEdge = [
  'inf',
  '-Infinity',
  'nan',
  '9~',
  '9\u{7f}',
  '9999-12-31 23:59:59',
  ' 2026-01-01',
  '1_000',
  '1e-400',
  '1/2/24 10:00',
  '2024-01-05x',
];

test.each(types)('text that is surely kept as %s was kept, and is finite', async (type) => {
  const { value, kept, surelyKept } = conversion('given', 'VARCHAR', type);
  const texts = [...extremes, ...nearTheEdge].map((text) => `(${literal(text)})`).join(', ');
  const finite = /^(FLOAT|DOUBLE|DATE|TIMESTAMP)/.test(type) ? 'isfinite(value)' : 'true';
  const rows = await session.rows(
    `SELECT given FROM (SELECT given, ${value} AS value FROM (VALUES ${texts}) t(given)) WHERE ${surelyKept('value')} AND (${kept('value')} AND ${finite}) IS NOT TRUE`,
  );
  expect(rows).toEqual([]);
});

test.each([
  ['DATE', "(DATE 'infinity'), ('5881580-07-10'::DATE), ('5877642-06-25 (BC)'::DATE)"],
  ['TIMESTAMP', "(TIMESTAMP 'infinity'), ('294247-01-10 04:00:54.775806'::TIMESTAMP)"],
  ['TIMESTAMP WITH TIME ZONE', "('infinity'::TIMESTAMPTZ), ('294247-01-10 04:00:54.775806+00'::TIMESTAMPTZ)"],
  ['TIMESTAMP_MS', "('infinity'::TIMESTAMP_MS), ('2026-01-01'::TIMESTAMP_MS)"],
])('no %s makes a conversion to another time fail', async (from, values) => {
  for (const to of ['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE'])
    if (to !== from) await ask(from, to, values);
});

test.each([
  ['DATE', ['0001-01-01', '9999-12-31'], ['infinity', '10000-01-01', '5881580-07-10', '0001-01-01 (BC)']],
  ['TIMESTAMP', ['0001-01-01 00:00:00', '9999-12-31 23:59:59'], ['10000-01-01 00:00:00', '0001-01-01 (BC) 00:00:00']],
  ['TIMESTAMP WITH TIME ZONE', ['0001-01-01 00:00:00+00', '9999-12-31 23:59:59+00'], ['10000-01-01 00:00:00+00']],
])('a %s has a year of four digits', async (type, kept, refused) => {
  for (const text of kept) expect(await converted(text, type)).toBe(text);
  for (const text of refused) expect(await converted(text, type)).toBeUndefined();
});

test.each([
  ['DATE', ['2024-1-5', '2024/01/05', ' 2024-01-05 ', '2024-01-05T00:00:00Z', '2024-01-05 00:00']],
  ['TIMESTAMP', ['2024-1-5 10:00', '1000-01-01 00:00:00', '0999-12-31T00:00:00Z', '2024-01-05']],
  ['TIMESTAMP WITH TIME ZONE', ['2024-1-5 10:00:00+02', '0999-12-31T00:00:00Z']],
])('a text is a %s only as a whole, and with all digits of its year', async (type, kept) => {
  const short = ['1/2/24', '24-01-05', '1-2-3'].map((day) => (type === 'DATE' ? day : `${day} 10:00:00+00`));
  const more = ['2024-01-05x', '2024-01-05 to 2024-01-09', '2024-01-05T10', '2024-01-05 10', '2024-01-05 ago'];
  for (const text of kept) expect([text, await converted(text, type)]).not.toEqual([text, undefined]);
  for (const text of [...short, ...more]) expect([text, await converted(text, type)]).toEqual([text, undefined]);
});

test.each([
  ["MAP {'a \"b\"': 1, 'c': NULL}", 'MAP(VARCHAR, BIGINT)', '{"a \\"b\\"":1,"c":null}'],
  [
    "{'at': TIMESTAMP '2024-01-02', 'of': [1, NULL]}",
    'STRUCT("at" TIMESTAMP, of INTEGER[])',
    '{"at":"2024-01-02 00:00:00","of":[1,null]}',
  ],
  ['[12345678901234567890.12, 1]', 'DECIMAL(38,2)[]', '["12345678901234567890.12","1.00"]'],
  ["['nan', '1.5']", 'DOUBLE[]', '["nan","1.5"]'],
  ["['-.12345678901234567890']", 'DECIMAL(20,20)[]', '["-.12345678901234567890"]'],
  ['[]', 'VARCHAR[]', '[]'],
  ['NULL', 'VARCHAR[]', null],
])('%s becomes its JSON text', async (sql, type, expected) => {
  const { value, kept } = conversion('given', type, 'VARCHAR');
  const rows = await session.rows(
    `SELECT value, coalesce(${kept('value')}, false) AS kept FROM (SELECT ${value} AS value FROM (SELECT (${sql})::${type} AS given))`,
  );
  expect(rows).toEqual([{ value: expected, kept: expected !== null }]);
});
