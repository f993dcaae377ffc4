import { expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import {
  aggregate,
  type Dataset,
  deduplicate,
  derive,
  enrich,
  filter,
  from,
  lake,
  map,
  pipeline,
  rename,
  s3,
  select,
  sort,
} from '../../lib/index.ts';

const schema = z.object({ a: z.string(), b: z.string(), n: z.int() });
const source = from(s3({ prefix: 'landing/main/', format: 'csv' }), schema);
const side = from(s3({ key: 'reference/side.csv' }), z.object({ id: z.string(), city: z.string() }));
const sum = (by: string[]) => aggregate({ by, measures: { n: 'sum(n)' } });

/** Each stage as its id, the exchange that it reads, its nodes without their source, and where it hands rows on. */
async function stagesOf(...outputs: Dataset[]): Promise<string[]> {
  const plan = await compile(
    pipeline('staged', { outputs: outputs.map((output, index) => output.to(lake({ table: `t${index}` }))) }),
  );
  return plan.stages.map(({ id, reads, nodes, exchanges }) => {
    const names = nodes.map((node) => node.replace(/^main\.\d+-|^table\./, ''));
    const on = exchanges.map(
      ({ node, keys, toStage }) => `${node.replace(/^main\.\d+-/, '')} by ${keys} to ${toStage}`,
    );
    return [`${id}${reads ? ` (${reads})` : ''}: ${names.join(', ')}`, ...on].join(' → ');
  });
}

test('steps that go row by row are one stage', async () => {
  expect(await stagesOf(source.pipe(filter('n > 1'), derive({ m: 'n' }), select('a', 'm')))).toEqual([
    'process: main, filter, derive, select, t0',
  ]);
});

test('a step for which rows must meet opens a stage', async () => {
  expect(await stagesOf(source.pipe(filter('n > 1'), deduplicate({ key: ['a'] }), filter('n > 2')))).toEqual([
    'process: main, filter → filter by a to reduce-1',
    'reduce-1 (to-reduce-1): deduplicate, filter, t0',
  ]);
});

test('rows that have met by some of the columns need not meet again', async () => {
  expect(await stagesOf(source.pipe(deduplicate({ key: ['a'] }), sum(['a', 'b'])))).toEqual([
    'process: main → main by a to reduce-1',
    'reduce-1 (to-reduce-1): deduplicate, aggregate, t0',
  ]);
});

test('rows that have met by more columns, or by others, must meet again', async () => {
  expect(await stagesOf(source.pipe(deduplicate({ key: ['a', 'b'] }), sum(['a'])))).toEqual([
    'process: main → main by a,b to reduce-1',
    'reduce-1 (to-reduce-1): deduplicate → deduplicate by a to reduce-2',
    'reduce-2 (to-reduce-2): aggregate, t0',
  ]);
});

test('rows that have met all together have met by any column', async () => {
  expect(
    await stagesOf(source.pipe(aggregate({ by: [], measures: { n: 'sum(n)' } }), sum(['n'].slice(1)))),
  ).toHaveLength(2);
});

test('a lookup and a filter between do not part rows that have met', async () => {
  const joined = source.pipe(
    deduplicate({ key: ['a'] }),
    filter('n > 1'),
    enrich({ with: side, on: 'b = id', take: ['city'] }),
  );
  expect(await stagesOf(joined.pipe(sum(['a', 'city'])))).toEqual([
    'process: main → main by a to reduce-1',
    'reduce-1 (to-reduce-1): deduplicate, filter, enrich, aggregate, t0',
  ]);
});

test.each([
  ['replaced', derive({ a: 'upper(a)' })],
  ['renamed to another column', rename({ a: 'b', b: 'a' })],
  ['made anew by a function', map(z.object({ a: z.string(), n: z.int() }), ({ a, n }) => ({ a, n }))],
])('rows must meet again where the column by which they met was %s', async (_, step) => {
  expect(await stagesOf(source.pipe(deduplicate({ key: ['a'] }), step, sum(['a'])))).toHaveLength(3);
});

test('two branches that need different meetings hand rows on twice', async () => {
  const clean = source.pipe(filter('n > 1'));
  expect(await stagesOf(clean.pipe(sum(['a'])), clean.pipe(sum(['b'])), clean)).toEqual([
    'process: main, filter, t2 → filter by a to reduce-1 → filter by b to reduce-2',
    'reduce-1 (to-reduce-1): aggregate, t0',
    'reduce-2 (to-reduce-2): aggregate-2, t1',
  ]);
});

test('a second input is no stage: it is read before the chunks start', async () => {
  const plan = await compile(
    pipeline('staged', {
      outputs: [
        source
          .pipe(enrich({ with: side.pipe(filter("city <> ''")), on: 'b = id', take: ['city'] }))
          .to(lake({ table: 'x' })),
      ],
    }),
  );
  expect(plan.stages.flatMap(({ nodes }) => nodes)).toEqual(['main', 'main.1-enrich', 'table.x']);
  expect(plan.nodes.find(({ id }) => id === 'side')).toMatchObject({ use: 'reference' });
});

test('two sources are read in one stage', async () => {
  const other = from(s3({ prefix: 'landing/other/', format: 'csv' }), schema);
  expect(await stagesOf(source, other)).toEqual(['process: main, t0, other, t1']);
});

test('an output in an order opens a stage by its ranges, behind all steps that part the rows', async () => {
  const plan = await compile(
    pipeline('sorted', {
      outputs: [
        source
          .pipe(sort({ order: ['b', { column: 'n', descending: true }] }), deduplicate({ key: ['a'] }), filter('n > 1'))
          .to(lake({ table: 'sorted', partitionBy: ['a'] })),
      ],
    }),
  );
  const sorts = ['a', 'b', 'n'].map((column) => ({ column, descending: column === 'n' }));
  expect(plan.stages.map(({ title, nodes }) => [title, nodes.length])).toEqual([
    ['Process chunks', 2],
    ['Reduce 1: deduplicate by a', 2],
    ['Reduce 2: sort by a, b, n', 1],
  ]);
  expect(plan.stages[1]!.exchanges).toMatchObject([
    { ranges: sorts, columns: ['a', 'b', 'n'], feeds: { step: 'table.sorted', input: 0 } },
  ]);
});

test('rows that have met all together are put in order where they are', async () => {
  const all = source.pipe(aggregate({ by: [], measures: { n: 'sum(n)' } }), sort({ order: ['n'] }));
  expect(await stagesOf(all)).toHaveLength(2);
});
