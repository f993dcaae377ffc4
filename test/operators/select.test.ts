import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { select } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

test('keeps only these columns, in this order', async () => {
  const schema = z.object({ a: z.int(), 'b "q"': z.string(), c: z.string() });
  const applied = await apply([{ a: 1, 'b "q"': 'x', c: 'y' }], { schema }, [select('c', 'b "q"')]);
  expect(applied.rows).toEqual([{ c: 'y', 'b "q"': 'x' }]);
  expect(Object.keys(applied.types)).toEqual(['c', 'b "q"']);
});

describe('refuses', () => {
  test.each([
    [
      'a column that is not there',
      ['name', 'dya'],
      { part: 'main.1-select / columns / 1', change: 'did you mean "day"?' },
    ],
    ['a column that is written in other letters', ['Name'], { received: 'Name', change: 'did you mean "name"?' }],
    ['a column twice', ['name', 'name'], { problem: 'there are two columns "name"' }],
    ['nothing', [], { part: 'main / select / columns' }],
    ['a list in place of names', [['name']] as never, { part: 'main / select / columns / 0' }],
  ])('%s', async (_, columns, expected) => {
    expect(await mistakesIn(select(...columns))).toMatchObject([expected]);
  });
});
