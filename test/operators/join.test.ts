import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type Dataset, deduplicate, from, join, lake, pipeline, s3 } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { compiled } from '../fixtures/engine/in-process-run.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

const schema = z.object({ id: z.string().nullable(), n: z.int() });
const rows = [
  { id: 'a', n: 1 },
  { id: 'x', n: 2 },
  { id: null, n: 3 },
  { id: 'a', n: 4 },
];
const side = {
  schema: z.object({ code: z.string().nullable(), city: z.string().nullable() }),
  rows: [
    { code: 'a', city: 'Aachen' },
    { code: 'a', city: 'Ahlen' },
    { code: 'b', city: 'Berlin' },
    { code: null, city: 'Nowhere' },
  ],
};

type JoinOptions = Omit<Parameters<typeof join>[0], 'with'>;
const joined = (options: JoinOptions) =>
  apply(rows, { schema, side }, (other: Dataset) => [join({ with: other, ...options })]);
const on = 'id = code';
const byText = (applied: { rows: readonly object[] }) => applied.rows.map((row) => JSON.stringify(row)).sort();

const matches = [
  '{"id":"a","n":1,"city":"Aachen"}',
  '{"id":"a","n":1,"city":"Ahlen"}',
  '{"id":"a","n":4,"city":"Aachen"}',
  '{"id":"a","n":4,"city":"Ahlen"}',
];
const ownAlone = ['{"id":"x","n":2,"city":null}', '{"id":null,"n":3,"city":null}'];
const otherAlone = ['{"id":"b","n":null,"city":"Berlin"}', '{"id":null,"n":null,"city":"Nowhere"}'];

test('puts each row together with each of its matches; NULL matches nothing', async () => {
  const applied = await joined({ on });
  expect(byText(applied)).toEqual(matches);
  expect(applied.count).toEqual({
    rowsIn: 8,
    multiplied: 2,
    rowsOut: 4,
    rejected: 0,
    filtered: 4,
    merged: 2,
    rules: { 'id = code has a match in side': 2, 'id = code has a match in main': 2, 'joined to main': 2 },
  });
});

test.each([
  ['left', ownAlone, { rowsOut: 6, filtered: 2, merged: 2 }],
  ['right', otherAlone, { rowsOut: 6, filtered: 2, merged: 2 }],
  ['full', [...ownAlone, ...otherAlone], { rowsOut: 8, filtered: 0, merged: 2 }],
] as const)('%s keeps rows without a match', async (how, alone, count) => {
  const applied = await joined({ on, how });
  expect(byText(applied)).toEqual([...matches, ...alone].sort());
  expect(applied.count).toMatchObject({ rowsIn: 8, multiplied: 2, ...count });
});

test('semi keeps rows with a match once, anti those without one', async () => {
  const semi = await joined({ on, how: 'semi' });
  expect(byText(semi)).toEqual(['{"id":"a","n":1}', '{"id":"a","n":4}']);
  expect(semi.count).toMatchObject({ rowsIn: 8, multiplied: 0, rowsOut: 2, filtered: 4, merged: 2 });
  const anti = await joined({ on, how: 'anti' });
  expect(byText(anti)).toEqual(['{"id":"x","n":2}', '{"id":null,"n":3}']);
  expect(anti.count.rules).toEqual({
    'id = code has no match in side': 2,
    'id = code has a match in main': 2,
    'joined to main': 2,
  });
});

test.each([
  ['inner', matches],
  ['left', [...matches, ...ownAlone]],
  ['anti', ['{"id":"x","n":2}', '{"id":null,"n":3}']],
] as const)('a broadcast side gives the same rows (%s), and its own are not counted', async (how, expected) => {
  const applied = await joined({ on, how, broadcast: true });
  expect(byText(applied)).toEqual([...expected].sort());
  expect(applied.count).toMatchObject({ rowsIn: 4, merged: 0 });
  expect(applied.code.plan.stages).toHaveLength(1);
});

/** What compiling alone tells. */
async function planned(options: JoinOptions) {
  const [main, other] = [schema, side.schema].map((one, index) =>
    from(s3({ prefix: `landing/${['main', 'side'][index]}/`, format: 'csv' }), one),
  ) as [Dataset, Dataset];
  const output = main.pipe(join({ with: other, ...options })).to(lake({ table: 'out' }));
  const { plan } = await compiled(pipeline('planned', { outputs: [output] }));
  return { plan, node: plan.nodes.find(({ component }) => component === 'join')! };
}

test('takes columns by name, under new names, or with a prefix', async () => {
  const names = async (options: Partial<JoinOptions>) =>
    (await planned({ on, ...options })).node.columns.map(({ name }) => name);
  expect(await names({})).toEqual(['id', 'n', 'city']);
  expect(await names({ take: ['city', 'code'] })).toEqual(['id', 'n', 'city', 'code']);
  expect(await names({ take: { town: 'city' } })).toEqual(['id', 'n', 'town']);
  expect(await names({ prefix: 'of_' })).toEqual(['id', 'n', 'of_city']);
});

test('tells what may be NULL, where columns come from, and where rows meet', async () => {
  const nullable = async (how: JoinOptions['how']) =>
    (await planned({ on, how })).node.columns.filter((column) => column.nullable).map(({ name }) => name);
  expect(await nullable('inner')).toEqual(['city']);
  expect(await nullable('right')).toEqual(['id', 'n', 'city']);
  const { plan } = await planned({ on, how: 'full' });
  expect(plan.nodes.find(({ component }) => component === 'join')).toMatchObject({
    others: ['side'],
    meetBy: ['id'],
    lineage: { id: ['main:id', 'side:code'], n: ['main:n'], city: ['side:city'] },
  });
  expect(plan.nodes.find(({ id }) => id === 'side')).toMatchObject({ use: 'whole' });
  expect(plan.stages.map(({ id, reads }) => [id, reads])).toEqual([
    ['process', undefined],
    ['reduce-1', ['to-reduce-1', 'to-reduce-1-2']],
  ]);
});

test('rows that a match multiplied are told apart by the steps behind', async () => {
  const applied = await apply(rows, { schema, side }, (other) => [
    join({ with: other, on, how: 'full' }),
    deduplicate({ key: ['city'] }),
    join({ with: other, on, how: 'left', prefix: 'again_' }),
    deduplicate({ key: ['id', 'n', 'city', 'again_city'] }),
  ]);
  expect(applied.rows.map((row) => [row.id, row.city, row.again_city].join()).sort()).toEqual([
    ',Nowhere,',
    'a,Aachen,Aachen',
    'a,Aachen,Ahlen',
    'a,Ahlen,Aachen',
    'a,Ahlen,Ahlen',
    'b,Berlin,Berlin',
    'x,,',
  ]);
});

test.each([
  ['nothing on the other side', rows, []],
  ['nothing on this side', [], side.rows],
])('joins %s', async (_, own, others) => {
  const applied = await apply(own, { schema, side: { ...side, rows: others } }, (other) => [
    join({ with: other, on, how: 'full' }),
  ]);
  expect(applied.rows).toHaveLength(own.length + others.length);
});

describe('refuses', () => {
  test.each([
    ['an unknown column', { on: 'nmae = id' }, { part: 'main.1-join / on', received: 'nmae' }],
    ['different types', { on: 'amount = id' }, { problem: expect.stringContaining('BIGINT') }],
    ['what is no equality', { on: 'name < id' }, { problem: expect.stringContaining('not an equality') }],
    [
      'a member of a structure that is called like a column',
      { on: 'place.name = id' },
      { problem: expect.stringContaining('not an equality of two columns'), allowed: expect.stringContaining('alone') },
    ],
    ['an unknown column to take', { on: 'name = id', take: ['szie'] }, { part: 'main.1-join / take / 0' }],
    [
      'a name that is taken',
      { on: 'name = id', take: { amount: 'size' } },
      { problem: 'there are two columns "amount"' },
    ],
    ['another kind', { on: 'name = id', how: 'outer' } as never, { part: 'main / join / how' }],
    [
      'columns of a semi join',
      { on: 'name = id', how: 'semi', take: ['size'] } as const,
      { part: 'main / join / take' },
    ],
    [
      'a broadcast side whose own rows are wanted',
      { on: 'name = id', how: 'full', broadcast: true } as const,
      { part: 'main / join / broadcast' },
    ],
    ['an unknown option', { on: 'name = id', where: 'x' } as never, { problem: 'there is no option "where"' }],
  ])('%s', async (_, options, expected) => {
    expect(await mistakesIn((other) => join({ with: other, ...(options as JoinOptions) }))).toMatchObject([expected]);
  });
});
