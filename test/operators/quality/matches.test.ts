import { expect, test } from 'vitest';
import * as z from 'zod';
import { matches } from '../../../lib/index.ts';
import { ruleProblems, ruleScore } from '../../fixtures/assessed-run.ts';

const record = z.object({ code: z.string().nullable() });
const passed = async (pattern: RegExp | string, ...codes: (string | null)[]) => {
  const score = await ruleScore(
    matches('code', pattern),
    codes.map((code) => ({ code })),
    record,
  );
  return score.passed;
};

test('looks anywhere in the text unless the expression is tied to its ends', async () => {
  expect(await passed(/b+/, 'abbc', 'ac', null)).toBe(2);
  expect(await passed('^b+$', 'abbc', 'bb', null)).toBe(2);
  expect(await passed(/^(?<letters>b+)(?<digits>\d)$/, 'bb1', 'bb')).toBe(1);
});

test('keeps the flags that change what matches', async () => {
  expect(await passed(/^ab$/i, 'AB', 'ab', 'b')).toBe(2);
  expect(await passed(/a.b/s, 'a\nb')).toBe(1);
  expect(await passed(/a.b/gu, 'a\nb')).toBe(0);
});

test('takes quotes and letters of any script for what they are', async () => {
  expect(await passed(/^'; DROP TABLE/, "'; DROP TABLE rows --", 'x')).toBe(1);
  expect(await passed(/^\p{L}+$/u, '漢字', 'größe', '1')).toBe(2);
});

test('searches in linear time', async () => {
  const hostile = `${'a'.repeat(50_000)}!`;
  const start = performance.now();
  expect(await passed(/^(a+)+$/, hostile)).toBe(0);
  expect(performance.now() - start).toBeLessThan(10_000);
});

test.each(['(?=a)b', 'a(?!b)', '(?<=a)b', '(?<!a)b', '(a)\\1'])('refuses %s with a reason', async (pattern) => {
  expect(await ruleProblems(() => matches('code', pattern), record)).toMatchObject([
    { part: 'quality / matches / pattern', problem: expect.stringContaining('linear time') },
  ]);
});

test.each(['(', 'a{2,1}', '[z-a]', ''])('refuses %j, which is no expression, as it was written', async (pattern) => {
  expect(await ruleProblems(() => matches('code', pattern), record)).toMatchObject([
    { received: pattern, problem: expect.not.stringContaining('regexp_matches') },
  ]);
});

test('refuses a sticky expression', async () => {
  expect(await ruleProblems(() => matches('code', /a/y), record)).toMatchObject([
    { part: 'quality / matches / flags' },
  ]);
});

test('an expression means what it means in JavaScript, and a text what it means to RE2', async () => {
  const texts = ['a\u00a0b', 'a b', 'a\rb', 'a\u2028b'];
  expect(await passed(/^a\sb$/, ...texts)).toBe(texts.filter((text) => /^a\sb$/.test(text)).length);
  expect(await passed('^a\\sb$', ...texts)).toBe(2);
  expect(await passed(/^a.b$/, ...texts)).toBe(2);
  expect(await passed('^a.b$', ...texts)).toBe(4);
  expect(await passed(/^b$/m, ...texts.map((text) => text.slice(1)))).toBe(2);
});

test.each([
  [/a{2000}/, 'repeats'],
  [/[\p{L}--a]/v, 'flag "v"'],
  [/(?=a)b/, 'linear time'],
])('refuses %s, which a search in linear time cannot be told', async (pattern, why) => {
  expect(await ruleProblems(() => matches('code', pattern), record)).toMatchObject([
    { part: 'quality / matches / pattern', received: pattern.source, problem: expect.stringContaining(why) },
  ]);
});
