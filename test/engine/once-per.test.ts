import { expect, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod';
import type { Step } from '../../lib/component/operator.ts';
import { Session } from '../../lib/engine/session.ts';
import {
  type Dataset,
  deduplicate,
  derive,
  enrich,
  explode,
  filter,
  from,
  lake,
  pipeline,
  rename,
  s3,
  unique,
} from '../../lib/index.ts';
import { compiled, run } from '../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

const schema = z.object({ k: z.string().nullable(), n: z.int(), city: z.string() });
const rows = [
  { k: 'a', n: 1, city: 'x' },
  { k: 'b', n: 2, city: 'x' },
  { k: 'a', n: 3, city: 'y' },
  { k: null, n: 2, city: 'y' },
  { k: null, n: 5, city: 'x' },
];
const cities = [
  { code: 'x', k: 'same', size: 1 },
  { code: 'y', k: 'same', size: 2 },
];

/** What `unique` finds of rows in one chunk and in three, and whether the first had to count for it. */
async function found(key: readonly string[], steps: (side: Dataset) => readonly Step[]) {
  const file = (of: readonly object[]) => scratchFile('input-0', of.map((row) => JSON.stringify(row)).join('\n'));
  const side = from(
    s3({ key: 'reference/cities.ndjson' }),
    z.object({ code: z.string(), k: z.string(), size: z.int() }),
  );
  const main = from(s3({ prefix: 'landing/rows/', format: 'ndjson' }), schema);
  const outputs = [main.pipe(...steps(side)).to(lake({ table: 'out' }))];
  const code = await compiled(pipeline('rows', { quality: [unique(key)], gate: { pass: 0 }, outputs }));
  const inputs = (files: readonly (readonly object[])[]) => ({
    rows: files.map((of) => ({ path: file(of) })),
    cities: [{ path: file(cities) }],
  });
  const measured = async (result: Awaited<ReturnType<typeof run>>) =>
    result.quality.map(({ total, passed }) => ({ total, passed }));
  const asked = vi.spyOn(Session.prototype, 'rows');
  onTestFinished(() => asked.mockRestore());
  const [one] = await measured(await run(code, inputs([rows])));
  const counted = asked.mock.calls.some(([sql]) => sql.includes('count(DISTINCT'));
  const [many] = await measured(
    await run(code, inputs([rows.slice(0, 2), rows.slice(2)]), { chunks: [[0], [1]], partitions: 2 }),
  );
  expect(many).toEqual(one);
  return { ...one!, counted };
}

test.each<[string, readonly string[], (side: Dataset) => readonly Step[], number]>([
  ['at once', ['k'], () => [deduplicate({ key: ['k'] })], 3],
  ['and all its columns are in the key of the rule', ['n', 'k'], () => [deduplicate({ key: ['k'] })], 3],
  [
    'and then went through steps that leave the key alone',
    ['k'],
    (side) => [
      deduplicate({ key: ['k'] }),
      filter('n < 5'),
      enrich({ with: side, on: 'city = code', take: ['size'] }),
      derive({ more: 'size + n' }),
    ],
    3,
  ],
])('does not count again what is unique because it was deduplicated %s', async (_, key, steps, total) => {
  expect(await found(key, steps)).toEqual({ total, passed: total, counted: false });
});

test.each<[string, readonly string[], (side: Dataset) => readonly Step[], number, number]>([
  ['that was never deduplicated', ['k'], () => [filter('n < 5')], 4, 3],
  ['of which one column more was in the key', ['city'], () => [deduplicate({ key: ['k', 'city'] })], 5, 2],
  [
    'that was made anew',
    ['k'],
    () => [deduplicate({ key: ['k'] }), derive({ k: "coalesce(replace(k, 'b', 'a'), 'a')" })],
    3,
    1,
  ],
  [
    'that got the name of another one',
    ['k'],
    () => [deduplicate({ key: ['n'] }), rename({ n: 'was', city: 'n' }), rename({ n: 'k', k: 'other' })],
    4,
    2,
  ],
  [
    'that was taken from a lookup',
    ['k'],
    (side) => [deduplicate({ key: ['k'] }), enrich({ with: side, on: 'city = code', take: ['k'] })],
    3,
    1,
  ],
  [
    'of rows that became several',
    ['k'],
    () => [deduplicate({ key: ['k'] }), derive({ parts: '[n, n]' }), explode('parts', { as: 'part' })],
    6,
    3,
  ],
])('counts the values of a key %s', async (_, key, steps, total, passed) => {
  expect(await found(key, steps)).toEqual({ total, passed, counted: true });
});
