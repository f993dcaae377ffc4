import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { derive, split } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

const schema = z.object({ n: z.int(), a: z.string().nullable() });
const given = (...texts: (string | null)[]) => texts.map((a, n) => ({ n, a }));

/** Lists as JSON, in the order of the texts. */
async function lists(texts: (string | null)[], options: Parameters<typeof split>[1]) {
  const applied = await apply(given(...texts), { schema }, [split('a', options), derive({ a: 'to_json(a)::VARCHAR' })]);
  return applied.rows.map(({ a }) => JSON.parse(a ?? 'null'));
}

describe('into a list', () => {
  test('cuts, trims, and drops what is empty', async () => {
    expect(await lists(['a, b ,,c', '', null, ',', 'das 日本|😀'], { by: ',' })).toEqual([
      ['a', 'b', 'c'],
      [],
      null,
      [],
      ['das 日本|😀'],
    ]);
  });

  test('leaves parts as they are, where that is asked for', async () => {
    expect(await lists(['a. b.', '.'], { by: '.', trim: false, empty: 'keep' })).toEqual([
      ['a', ' b', ''],
      ['', ''],
    ]);
  });

  test('cuts at a pattern', async () => {
    expect(await lists(['a1b22c', "it's"], { by: { pattern: '(?<digits>\\d+)' } })).toEqual([
      ['a', 'b', 'c'],
      ["it's"],
    ]);
  });
});

describe('into columns', () => {
  test('puts them where the text was, NULL for a part that is missing or empty', async () => {
    const applied = await apply(given('Ada  Lovelace', 'Plato', '', null), { schema }, [
      split('a', { by: '  ', into: ['first', 'a'] }),
    ]);
    expect(applied.types).toEqual({ n: 'BIGINT', first: 'VARCHAR', a: 'VARCHAR' });
    expect(applied.rows.map(({ first, a }) => [first, a])).toEqual([
      ['Ada', 'Lovelace'],
      ['Plato', null],
      [null, null],
      [null, null],
    ]);
  });

  test('rejects a row with more parts than columns, and with fewer where that is asked for', async () => {
    const applied = await apply(given('a-b', 'a-b-c', 'a', null), { schema }, [
      split('a', { by: '-', into: ['x', 'y'], fewer: 'reject' }),
    ]);
    expect(applied.rows.map(({ n }) => n)).toEqual([0, 3]);
    expect(applied.rejects).toMatchObject([
      { row: 2, rule: 'a has at most 2 parts', reason: 'a: "a-b-c" has not at most 2 parts' },
      { row: 3, rule: 'a has at least 2 parts' },
    ]);
  });

  test('leaves the rest together in the last one, where that is asked for', async () => {
    const applied = await apply(given('a-b--c', 'a', 'a-'), { schema }, [
      split('a', { by: '-', into: ['x', 'y'], more: 'last' }),
    ]);
    expect(applied.rows.map(({ x, y }) => [x, y])).toEqual([
      ['a', 'b--c'],
      ['a', null],
      ['a', null],
    ]);
  });
});

describe('refuses', () => {
  test.each<[string, ReturnType<typeof split>, object]>([
    ['a column that is not there', split('nmae', { by: ',' }), { change: 'did you mean "name"?' }],
    ['a column that is no text', split('amount', { by: ',' }), { received: 'BIGINT', allowed: 'a column of text' }],
    ['no separator', split('name', { by: '' }), { part: 'main / split / by' }],
    ['a back reference', split('name', { by: { pattern: '(.)\\1' } }), { part: 'main / split / by / pattern' }],
    ['a pattern that is none', split('name', { by: { pattern: '(' } }), { part: 'main.1-split / by / pattern' }],
    [
      'the rest of a pattern',
      split('name', { by: { pattern: ',' }, into: ['a'], more: 'last' }),
      { part: 'main / split / more' },
    ],
    ['a bound for a list', split('name', { by: ',', fewer: 'reject' }), { part: 'main / split / into' }],
    [
      'a name that another column has',
      split('name', { by: ',', into: ['a', 'Amount'] }),
      { problem: expect.stringContaining('two columns "amount"') },
    ],
  ])('%s', async (_, step, expected) => {
    expect(await mistakesIn(step)).toMatchObject([expected]);
  });
});
