import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conversion } from '../../lib/component/conversion.ts';
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
      .constantFrom(8, 32, 53, 63, 64, 100, 200)
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

test('nothing is asked where the type is the wanted one', () => {
  expect(conversion('"a"', 'DATE', 'DATE')).toMatchObject({ value: '"a"' });
  expect(conversion('"a"', 'DATE', 'DATE').kept('"a"')).toBe('true');
});
