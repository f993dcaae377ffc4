import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { sample } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

const schema = z.object({ n: z.int(), key: z.string().nullable() });
const rows = Array.from({ length: 2000 }, (_, n) => ({ n, key: n % 50 === 0 ? null : `k${n % 50}` }));

test('keeps a share of the rows, the same ones every time, and others for another seed', async () => {
  const [once, again, other] = await Promise.all(
    [{ share: 0.1 }, { share: 0.1 }, { share: 0.1, seed: 'x' }].map((options) =>
      apply(rows, { schema }, [sample(options)]),
    ),
  );
  expect(once!.rows).toEqual(again!.rows);
  expect(other!.rows).not.toEqual(once!.rows);
  for (const { rows: kept, count } of [once!, other!]) {
    expect(kept.length).toBeGreaterThan(150);
    expect(kept.length).toBeLessThan(250);
    expect(count).toMatchObject({
      rowsIn: 2000,
      filtered: 2000 - kept.length,
      rules: { 'sample of 0.1': 2000 - kept.length },
    });
  }
});

test('keeps all rows of a share of the keys', async () => {
  const { rows: kept } = await apply(rows, { schema }, [sample({ share: 0.3, by: ['key'] })]);
  const sizes = [...Map.groupBy(kept, ({ key }) => key).values()].map((group) => group.length);
  expect(new Set(sizes)).toEqual(new Set([40]));
  expect(sizes.length).toBeGreaterThan(5);
  expect(sizes.length).toBeLessThan(25);
});

test('keeps so many rows of each key, NULL among them, whatever the chunks', async () => {
  const { rows: kept, count } = await apply(rows, { schema }, [sample({ count: 3, by: ['key'] })]);
  const sizes = [...Map.groupBy(kept, ({ key }) => key).values()].map((group) => group.length);
  expect(sizes).toEqual(Array.from({ length: 50 }, () => 3));
  expect(count).toMatchObject({ rowsOut: 150, filtered: 1850, rules: { 'sample of 3 by key': 1850 } });
});

test('keeps so many rows in all, and all where there are fewer', async () => {
  const twins = Array.from({ length: 9 }, () => ({ n: 1, key: 'a' }));
  const some = await apply(twins, { schema }, [sample({ count: 4 })]);
  const all = await apply(twins, { schema }, [sample({ count: 10 })]);
  expect([some.rows.length, all.rows.length, all.count.rules]).toEqual([4, 9, {}]);
});

describe('refuses', () => {
  test.each<[string, Parameters<typeof sample>[0], object]>([
    [
      'a column that is not there',
      { share: 0.1, by: ['nmae'] },
      { part: 'main.1-sample / by / 0', change: 'did you mean "name"?' },
    ],
    ['no size', {}, { part: 'main / sample / share' }],
    ['two sizes', { share: 0.1, count: 1 }, { part: 'main / sample / share' }],
    ['a share of all', { share: 1 }, { part: 'main / sample / share' }],
    ['a count of nothing', { count: 0 }, { part: 'main / sample / count' }],
    ['an unknown option', { rate: 1 } as never, {}],
  ])('%s', async (_, options, expected) => {
    expect((await mistakesIn(sample(options)))[0]).toMatchObject(expected);
  });
});
