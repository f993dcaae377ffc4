import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { sanitize } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

const schema = z.object({ a: z.string().nullable(), n: z.int() });
const texts = (...values: (string | null)[]) => values.map((a, n) => ({ a, n }));

test.each<[string, string | null, string | null]>([
  ['trims', '  padded  ', 'padded'],
  ['removes control characters', 'a\u0000b\tc\nd\u007f', 'abcd'],
  ['composes accents', 'e\u0301', '\u00e9'],
  ['takes an empty text for NULL', '   ', null],
  ['takes a token for NULL', ' N/A ', null],
  ['leaves a token inside a text', 'NAture', 'NAture'],
  ['leaves quotes and SQL', `'; DROP TABLE "x"`, `'; DROP TABLE "x"`],
  ['leaves other scripts', '日本 😀', '日本 😀'],
  ['leaves NULL', null, null],
])('%s', async (_, given, expected) => {
  expect((await apply(texts(given), { schema }, [sanitize()])).rows).toEqual([{ a: expected, n: 0 }]);
});

test.each<[string, Parameters<typeof sanitize>[0], string, string | null]>([
  ['trims white space of any script', {}, '\u00a0\u3000\u2003 a b \u202f\n', 'a b'],
  ['trims what stands between control characters', {}, '\u0000 \u0007 a \u0085 ', 'a'],
  ['removes what is not seen', {}, 'pay\u202epal\u200b\ufeff\u00adx', 'paypalx'],
  ['leaves what joins characters', {}, '👩\u200d🚀', '👩\u200d🚀'],
  [
    'makes one space of many that parts nothing but what is removed',
    { spaces: 'single' },
    'a \x01 b\u200B \u200Bc\x01d',
    'a b cd',
  ],
  ['makes one space of many, and of tabs and line ends', { spaces: 'single' }, ' a\t\tb\r\n c ', 'a b c'],
  ['leaves white space at the ends', { trim: false }, ' a\u0001 ', ' a '],
  ['leaves control characters', { control: false }, ' a\u0001\t', 'a\u0001'],
  ['leaves accents apart', { unicode: false }, 'e\u0301', 'e\u0301'],
  ['leaves all but tokens', { unicode: false, control: false, trim: false }, ' N/A', ' N/A'],
])('%s', async (_, options, given, expected) => {
  expect((await apply(texts(given), { schema }, [sanitize(options)])).rows).toEqual([{ a: expected, n: 0 }]);
});

test('cleans only the columns that it is told, with the tokens that it is told', async () => {
  const two = z.object({ a: z.string(), b: z.string() });
  const applied = await apply([{ a: ' - ', b: ' - ' }], { schema: two }, [
    sanitize({ columns: ['a'], nullTokens: ['-', "it's"] }),
  ]);
  expect(applied.rows).toEqual([{ a: null, b: ' - ' }]);
});

test('takes nothing for NULL where there are no tokens', async () => {
  expect((await apply(texts(' ', 'NULL'), { schema }, [sanitize({ nullTokens: [] })])).rows.map(({ a }) => a)).toEqual([
    '',
    'NULL',
  ]);
});

test('makes a column nullable that it may empty', async () => {
  const { code } = await apply(texts('x'), { schema: z.object({ a: z.string(), n: z.int() }) }, [sanitize()]);
  const node = code.plan.nodes.find(({ id }) => id === 'main.1-sanitize')!;
  expect(node.columns).toEqual([
    { name: 'a', type: 'VARCHAR', nullable: true },
    { name: 'n', type: 'BIGINT', nullable: false },
  ]);
});

describe('refuses', () => {
  test.each([
    [
      'a column that is not there',
      { columns: ['nmae'] },
      { part: 'main.1-sanitize / columns / 0', change: 'did you mean "name"?' },
    ],
    [
      'a column that is no text',
      { columns: ['amount'] },
      { part: 'main.1-sanitize / columns / 0', problem: expect.stringContaining('BIGINT') },
    ],
    ['a token that is no text', { nullTokens: [0] } as never, { part: 'main / sanitize / nullTokens / 0' }],
    [
      'an unknown option',
      { tokens: [] } as never,
      {
        problem: 'there is no option "tokens"',
        allowed: ['columns', 'control', 'trim', 'spaces', 'unicode', 'nullTokens'],
      },
    ],
  ])('%s', async (_, options, expected) => {
    expect(await mistakesIn(sanitize(options))).toMatchObject([expected]);
  });
});
