import { expect, test } from 'vitest';
import * as z from 'zod';
import { checksum } from '../../../lib/index.ts';
import { ruleProblems, ruleScore } from '../../fixtures/assessed-run.ts';

const record = z.object({ code: z.string().nullable(), card: z.int().nullable() });
const passed = async (kind: 'iban' | 'luhn' | 'isbn', codes: readonly (string | null)[]) => {
  const rows = codes.map((code) => ({ code, card: null }));
  return (await ruleScore(checksum('code', kind), rows, record)).passed;
};

/** Each with a digit changed, two neighbours swapped, and one left out. */
const broken = (code: string) => {
  const digit = code.at(-1) === '0' ? '1' : '0';
  const swapped = [...code];
  const at = swapped.findLastIndex((one, index) => index > 0 && one !== swapped[index - 1]);
  [swapped[at - 1], swapped[at]] = [swapped[at]!, swapped[at - 1]!];
  return [code.slice(0, -1) + digit, swapped.join(''), code.slice(0, -1)];
};

const good = {
  iban: [
    'CH9300762011623852957',
    'GB82WEST12345698765432',
    'DE89370400440532013000',
    'NO9386011117947',
    'MT84MALT011000012345MTLCAST001S',
  ],
  luhn: ['79927398713', '4539578763621486', '18'],
  isbn: ['0306406152', '080442957X', '9783161484100'],
} as const;

test.each(Object.keys(good) as (keyof typeof good)[])(
  'accepts what is %s and finds its common errors',
  async (kind) => {
    expect(await passed(kind, [...good[kind], null])).toBe(good[kind].length + 1);
    expect(await passed(kind, good[kind].flatMap(broken))).toBe(0);
  },
);

test('passes over blanks, hyphens and the case of letters', async () => {
  expect(await passed('iban', ['ch93 0076 2011 6238 5295 7'])).toBe(1);
  expect(await passed('isbn', ['0-8044-2957-x', '978-3-16-148410-0'])).toBe(2);
});

test('holds an IBAN to the length of its country', async () => {
  // Its check digits are right, but Norway has 15 characters.
  expect(await passed('iban', ['NO15860111179470000'])).toBe(0);
});

test.each(['iban', 'luhn', 'isbn'] as const)('takes no text for %s that only looks like it', async (kind) => {
  const odd = ['', ' ', '-', 'x', '0', '٣٤٥', `${'9'.repeat(5000)}`, 'CH', 'CH93', "'; --", '\u0000'];
  expect(await passed(kind, odd)).toBe(kind === 'luhn' ? await passed('luhn', ['9'.repeat(5000)]) : 0);
});

test('reads numbers like text', async () => {
  const rows = [79927398713, 79927398710].map((card) => ({ code: null, card }));
  expect(await ruleScore(checksum('card', 'luhn'), rows, record)).toMatchObject({ dimension: 'accuracy', passed: 1 });
});

test('refuses numbers whose text has digits behind a point', async () => {
  const prices = z.object({ code: z.number() });
  expect(await ruleProblems(() => checksum('code', 'luhn'), prices)).toMatchObject([
    { received: 'DOUBLE', allowed: 'a text or a whole number' },
  ]);
});

test('a text without any character is no IBAN, and no failure', async () => {
  expect(await passed('iban', ['', ' ', 'DE'])).toBe(0);
});

test('refuses a kind that it does not know', async () => {
  expect(await ruleProblems(() => checksum('code', 'vin' as 'iban'), record)).toMatchObject([
    { part: 'quality / checksum / kind', allowed: ['luhn', 'iban', 'isbn'] },
  ]);
});
