import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { javascriptAsRe2, writtenPattern } from '../../lib/component/javascript-pattern.ts';
import { literal } from '../../lib/component/shape.ts';
import { query } from '../fixtures/engine/duckdb.ts';

const translated = (pattern: RegExp) => javascriptAsRe2(pattern, (why) => new Error(why));

/** Those of the texts that DuckDB finds the pattern in. */
async function found(pattern: RegExp, texts: readonly string[]) {
  // JavaScript's strings may stand in SQL as they are, but for the one that ends it.
  const rows = texts.map((text, at) => `(${at}, ${text.split('\0').map(literal).join(' || chr(0) || ')})`).join(', ');
  const matching = await query(
    `SELECT place FROM (VALUES ${rows}) texts (place, text) WHERE regexp_matches(text, ${literal(translated(pattern))}) ORDER BY place`,
  );
  return matching.map(({ place }) => texts[place]);
}

const blanks = [...'\t\n\v\f\r \u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'];
const letters = [...'aAbkKsSzéß0129_-.,:[]{}()^$|/\\\0\b\u0085\u200b١αΑ漢😀'];
const texts = [
  '',
  ...blanks,
  ...letters,
  ...letters.map((one) => `a${one}b`),
  'aa',
  'a\r\nb',
  'a{,2}',
  'a]',
  'K{b}',
  'ab\n',
];

test.each([
  /^a\sb$/,
  /^\S+$/,
  /^[\s\d]$/,
  /^[^\s]$/,
  /^[\S]$/,
  /^[\w\-.]$/,
  /^[\w-.]$/,
  /^[a-]$/,
  /^[a-b-z]$/,
  /^[\b]$/,
  // Not written as patterns, as hardly anybody means them.
  ...['^[]', '^[^]$'].map((source) => new RegExp(source)),
  /^[[a]$/,
  /^.$/,
  /^.$/s,
  /^a.b$/u,
  /^\u00e9$/,
  /^\u{1f600}$/u,
  /^\ud83d\ude00$/u,
  /^\x61\cJ?$/,
  /^[\x30-\x39\u0661]$/,
  /^\0$/,
  /^(?<first>a)(?<second>b)?$/,
  /^(?:a|(?<x>k))$/,
  /^a{,2}$/,
  /^a]$/,
  /^K{b}$/,
  /^a{2}$/,
  /\bb$/,
  /^\/$/,
  /^[/]$/,
  /^\p{L}$/u,
  /^\P{L}$/u,
  /^\p{Script=Greek}$/u,
  /^[\p{Lu}_]$/u,
  /^(?i:A)$/,
  /^b/m,
  /a$/m,
  /^b|a$/m,
  /^-$/,
  /^[\^\]\\]$/,
])('%s finds what it finds in JavaScript', async (pattern) => {
  // Without the flag u a character beyond 16 bits is two to JavaScript.
  const asked = texts.filter((text) => pattern.unicode || !text.includes('😀'));
  expect(await found(pattern, asked)).toEqual(asked.filter((text) => pattern.test(text)));
});

test('a character beyond 16 bits is one, whatever the flags', async () => {
  expect(await found(/^.$/, ['😀'])).toEqual(['😀']);
  expect(await found(/^[😀]$/u, ['😀'])).toEqual(['😀']);
});

test('whatever a pattern is made of, it finds what it finds in JavaScript', { timeout: 120_000 }, async () => {
  const single = ['a', 'b', 'k', 'é', '0', '\\t', '\\n', '\\u00a0', '\\x41', '\\.', '\\/', ' '];
  const classes = ['\\s', '\\S', '\\d', '\\D', '\\w', '\\W'];
  const item = fc.oneof(
    fc.constantFrom(...single, ...classes),
    fc.constantFrom('a-k', '0-9', '\\x00-\\x1f', 'é-漢', '\\u2000-\\u2fff'),
  );
  const set = fc
    .tuple(fc.boolean(), fc.array(item, { minLength: 1, maxLength: 3 }))
    .map(([negated, items]) => `[${negated ? '^' : ''}${items.join('')}]`);
  const atom = fc.oneof(fc.constantFrom(...single, ...classes, '.'), set);
  const repeated = fc.tuple(atom, fc.constantFrom('', '', '*', '+?', '?', '{1,2}')).map((parts) => parts.join(''));
  const sequence = fc.array(repeated, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
  const group = fc
    .tuple(fc.constantFrom('(', '(?:', '(?<name>'), sequence)
    .map(([open, inside]) => `${open}${inside})`);
  const whole = fc
    .tuple(fc.constantFrom('', '^'), sequence, fc.oneof(fc.constant(''), group), fc.constantFrom('', '$'))
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(whole, fc.constantFrom('u', 'us', 'um'), async (source, flags) => {
      const pattern = new RegExp(source, flags);
      expect(await found(pattern, texts)).toEqual(texts.filter((text) => pattern.test(text)));
    }),
    { numRuns: 150 },
  );
});

describe('what RE2 cannot be told is refused', () => {
  test.each<[RegExp, string]>([
    [/(?=a)b/, 'looks around'],
    [/(?<!a)b/, 'looks around'],
    [/(a)\1/, 'refers back'],
    [/(?<x>a)\k<x>/, 'refers back'],
    [/a{1001}/, 'repeats something 1001 times'],
    [/a/y, 'flag "y"'],
    [/(?:^a|b)/m, '"^" elsewhere than at its beginning'],
    [/a$\nb/m, '"$" elsewhere than at its end'],
    [/(?s:.)/, 'only "i" can be switched'],
    [/[\p{L}--[a-z]]/v, 'flag "v"'],
    [/\ud83d/, 'half a character'],
  ])('%s', (pattern, why) => {
    expect(() => translated(pattern)).toThrow(why);
  });

  test.each(['\\A', '\\z', '\\Z', '\\Q', '\\a', '\\C', '\\h', '[\\A]', '\\p{L}', '\\u{61}', '[[:alpha:]]'])(
    '%s, which says something in other languages alone',
    (source) => {
      expect(() => translated(new RegExp(source))).toThrow(/holds ".+", which (stands for|needs|JavaScript does not)/);
    },
  );
});

test('a pattern in YAML has the flag u where it makes use of it', () => {
  expect(writtenPattern('^\\p{L}$').flags).toBe('u');
  expect(writtenPattern('^[\\w\\-]$').flags).toBe('');
});
