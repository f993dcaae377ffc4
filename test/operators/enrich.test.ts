import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import {
  aggregate,
  derive,
  enrich,
  filter,
  from,
  join,
  known,
  lake,
  pipeline,
  rename,
  s3,
  sanitize,
} from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';
import { problemsOf } from '../fixtures/engine/problems.ts';

const schema = z.object({ id: z.string().nullable(), n: z.int() });
const rows = [
  { id: 'a', n: 1 },
  { id: 'x', n: 2 },
  { id: null, n: 3 },
  { id: 'a', n: 4 },
];
const side = {
  schema: z.object({ code: z.string(), city: z.string().nullable(), n: z.int() }),
  rows: [
    { code: 'a', city: 'Aachen', n: 10 },
    { code: 'b', city: 'Berlin', n: 20 },
    { code: 'c', city: null, n: 30 },
  ],
};

test('adds the columns of the row that matches, and NULL where none does', async () => {
  const applied = await apply(rows, { schema, side }, (other) => [
    enrich({ with: other, on: 'id = code', take: ['city'] }),
  ]);
  expect([...applied.rows].sort((a, b) => a.n - b.n)).toEqual([
    { id: 'a', n: 1, city: 'Aachen' },
    { id: 'x', n: 2, city: null },
    { id: null, n: 3, city: null },
    { id: 'a', n: 4, city: 'Aachen' },
  ]);
  expect(applied.count).toMatchObject({ rowsIn: 4, rowsOut: 4 });
});

test('gives columns other names, and replaces a column of the same name', async () => {
  const applied = await apply(rows.slice(0, 1), { schema, side }, (other) => [
    enrich({ with: other, on: 'code = id', take: { town: 'city', n: 'n' } }),
  ]);
  expect(applied.rows).toEqual([{ id: 'a', town: 'Aachen', n: 10 }]);
});

test('hands on integers beyond 2^53 as they are, in lists too, and finds rows by them', async () => {
  const huge = { id: 123456789012345678901234567890n, near: 123456789012345678901234567891n };
  const text = (value: bigint) => String(value);
  const applied = await apply(
    [{ id: text(huge.id) }],
    {
      schema: z.object({ id: z.bigint() }),
      side: {
        schema: z.object({ code: z.bigint(), all: z.array(z.bigint()) }),
        rows: [
          { code: text(huge.id), all: [text(huge.near)] },
          { code: text(huge.near), all: [] },
        ],
      },
    },
    (other) => [
      enrich({ with: other, on: 'id = code', take: ['code', 'all'] }),
      derive({ id: 'id::VARCHAR', code: 'code::VARCHAR', all: '"all"::VARCHAR' }),
    ],
  );
  expect(applied.rows).toEqual([{ id: text(huge.id), code: text(huge.id), all: `[${huge.near}]` }]);
});

test('refuses a value of the other dataset that no file holds, and says which dataset it is of', async () => {
  const most = '170141183460469231731687303715884105727';
  const applied = apply(rows, { schema, side }, (other) => [
    enrich({ with: other.pipe(derive({ huge: `'${most}'::HUGEINT` })), on: 'id = code', take: ['huge'] }),
  ]);
  await expect(applied).rejects.toMatchObject({
    code: 'STEP_FAILED',
    problem: expect.stringContaining('the rows of side.1-derive cannot be written'),
  });
});

test('rejects rows without a match', async () => {
  const applied = await apply(rows, { schema, side }, (other) => [
    enrich({ with: other, on: 'id = code', take: ['city'], unmatched: 'reject' }),
  ]);
  expect(applied.rows).toHaveLength(2);
  expect(applied.count.rules).toEqual({ 'id = code has a match in side': 2 });
  expect(applied.rejects).toMatchObject([
    { row: 2, reason: 'id: "x" has no match in side', raw: '{"id":"x","n":2}' },
    { row: 3, reason: 'id: has no match in side' },
  ]);
});

test.each(['null', 'reject', 'drop'] as const)(
  'tells columns that are called like inputs from these (%s)',
  async (unmatched) => {
    const inner = z.object({ id: z.string(), k: z.string(), city: z.string() });
    const other = { id: 'x', k: 'x', city: 'x' };
    const applied = await apply(
      [{ k: 'a', side: other, input: other }],
      {
        schema: z.object({ k: z.string(), side: inner, input: inner }),
        side: {
          schema: z.object({ id: z.string(), city: z.string(), input: inner, side: inner }),
          rows: [{ id: 'a', city: 'Aachen', input: other, side: other }],
        },
      },
      (dataset) => [enrich({ with: dataset, on: 'k = id', take: ['city'], unmatched })],
    );
    expect(applied.rows).toEqual([{ k: 'a', side: other, input: other, city: 'Aachen' }]);
  },
);

test('drops rows without a match under the name of its condition', async () => {
  const applied = await apply(rows, { schema, side }, (other) => [
    enrich({ with: other, on: 'id = code', take: ['city'], unmatched: 'drop' }),
  ]);
  expect(applied.count).toMatchObject({ rowsOut: 2, filtered: 2, rules: { 'id = code has a match in side': 2 } });
});

test('compares several columns, and takes a side that went through steps', async () => {
  const doubled = { ...side, rows: [...side.rows, { code: ' a ', city: 'Ahlen', n: 1 }] };
  const applied = await apply(rows, { schema, side: doubled }, (other) => [
    enrich({
      with: other.pipe(sanitize(), rename({ n: 'size' })),
      on: 'code = id AND n = size',
      take: ['city'],
      unmatched: 'drop',
    }),
  ]);
  expect(applied.rows).toEqual([{ id: 'a', n: 1, city: 'Ahlen' }]);
});

test('a column that both sides have cannot be compared until one is renamed', async () => {
  const applied = apply(rows, { schema, side }, (other) => [enrich({ with: other, on: 'n = code', take: ['city'] })]);
  await expect(applied).rejects.toMatchObject({
    problem: expect.stringContaining('"n" is BIGINT and "code" is VARCHAR'),
  });
});

test('a key that occurs twice on the other side fails the run, naming the key', async () => {
  const twins = { ...side, rows: [...side.rows, ...side.rows.slice(0, 1)] };
  const failing = apply(rows, { schema, side: twins }, (other) => [
    enrich({ with: other, on: 'id = code', take: ['city'] }),
  ]);
  await expect(failing).rejects.toMatchObject({ name: 'LookupNotUniqueError', received: ['a'] });
});

test('an empty other side matches nothing', async () => {
  const applied = await apply(rows, { schema, side: { ...side, rows: [] } }, (other) => [
    enrich({ with: other, on: 'id = code', take: ['city'], unmatched: 'drop' }),
  ]);
  expect(applied.count.filtered).toBe(4);
});

describe('a dataset that another step joins', () => {
  const other = { schema: side.schema, rows: side.rows };
  const city = "city = 'Aachen'";

  test('is read whole for the lookup as well, with the steps before it', async () => {
    const applied = await apply(rows, { schema, side: other }, (cities) => {
      const some = cities.pipe(filter(city, { rule: 'western' }));
      return [
        enrich({ with: some, on: 'id = code', take: ['city'] }),
        join({ with: some, on: 'id = code', how: 'left', prefix: 'joined_', take: ['n'] }),
        enrich({ with: some, on: 'id = code', take: { again: 'n' } }),
      ];
    });
    expect([...applied.rows].sort((a, b) => a.n - b.n)).toEqual([
      { id: 'a', n: 1, city: 'Aachen', joined_n: 10, again: 10 },
      { id: 'x', n: 2, city: null, joined_n: null, again: null },
      { id: null, n: 3, city: null, joined_n: null, again: null },
      { id: 'a', n: 4, city: 'Aachen', joined_n: 10, again: 10 },
    ]);
    const sources = applied.code.plan.nodes.filter((node) => node.kind === 'source');
    expect(sources.map(({ id, use }) => [id, use])).toEqual([
      ['main', 'main'],
      ['side', 'whole'],
      ['side-whole', 'reference'],
    ]);
  });

  test('can be what a quality rule holds rows against, and is looked up twice', async () => {
    const cities = from(s3({ key: 'reference/side.ndjson' }), side.schema);
    const main = from(s3({ prefix: 'landing/main/', format: 'ndjson' }), schema);
    const steps = [
      enrich({ with: cities, on: 'id = code', take: ['city'] }),
      enrich({ with: cities, on: 'n = n', take: { number: 'code' } }),
      join({ with: cities, on: 'id = code', how: 'semi' }),
    ];
    const out = main.pipe(...steps).to(lake({ table: 'out' }));
    const { quality } = await compile(pipeline('known', { outputs: [out], quality: [known('id', cities, 'code')] }));
    expect(quality[0]!.side).toBe('side-whole');
  });
});

describe('refuses', () => {
  const take = ['size'];
  test.each([
    ['an unknown column', { on: 'nmae = id', take }, { part: 'main.1-enrich / on', received: 'nmae' }],
    [
      'an unknown column to take',
      { on: 'name = id', take: ['szie'] },
      { part: 'main.1-enrich / take / 0', change: 'did you mean "size"?' },
    ],
    [
      'an unknown column under a new name',
      { on: 'name = id', take: { s: 'szie' } },
      { part: 'main.1-enrich / take / s' },
    ],
    ['what is no equality', { on: 'name > id', take }, { problem: expect.stringContaining('not an equality') }],
    [
      'an equality of computed values',
      { on: 'lower(name) = id', take },
      { problem: expect.stringContaining('not an equality') },
    ],
    [
      'a member called like a column',
      { on: 'name = place.id', take },
      { problem: expect.stringContaining('equality') },
    ],
    ['two columns of one side', { on: 'name = day', take }, { problem: expect.stringContaining('same side') }],
    ['different types', { on: 'amount = id', take }, { problem: expect.stringContaining('BIGINT') }],
    ['nothing to take', { on: 'name = id', take: [] }, { part: 'main / enrich / take' }],
    [
      'another fate of rows',
      { on: 'name = id', take, unmatched: 'ignore' } as never,
      { part: 'main / enrich / unmatched' },
    ],
    ['an unknown option', { on: 'name = id', take, how: 'left' } as never, { problem: 'there is no option "how"' }],
  ])('%s', async (_, options, expected) => {
    expect(await mistakesIn((other) => enrich({ with: other, ...options }))).toMatchObject([expected]);
  });

  test('a second input that is no dataset', async () => {
    expect(await mistakesIn(enrich({ with: 'airports', on: 'name = id', take }))).toMatchObject([
      { problem: 'the second input is not a dataset' },
    ]);
  });

  test('a second input that is made of the rows themselves: no chunk has them all', async () => {
    const things = from(s3({ prefix: 'landing/things/', format: 'csv' }), schema);
    const totals = things.pipe(aggregate({ by: ['id'], measures: { total: 'sum(n)' } }));
    const problems = await problemsOf(() =>
      pipeline('themselves', {
        outputs: [things.pipe(enrich({ with: totals, on: 'id = id', take: ['total'] })).to(lake({ table: 'out' }))],
      }),
    );
    expect(problems[0]).toMatchObject({ part: 'things.1-enrich / with', problem: expect.stringContaining('"things"') });
  });
});
