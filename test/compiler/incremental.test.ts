import { expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import { contract } from '../../lib/component/contract.ts';
import type { PipelineOptions } from '../../lib/definition/index.ts';
import { readPipeline } from '../../lib/definition/yaml/read-pipeline.ts';
import { enrich, from, lake, pipeline, s3, table } from '../../lib/index.ts';
import { components } from '../../lib/registry/components.ts';
import { problemsOf } from '../fixtures/engine/problems.ts';

const record = contract(
  z.object({
    id: z.int(),
    at: z.iso.datetime(),
    day: z.iso.date(),
    seen: z.iso.datetime().nullable(),
    note: z.string(),
    secret: z.iso.date(),
  }),
  { classification: { secret: 'restricted' } },
);
const source = (incremental: object) => from(table({ table: 'orders' }), record, { incremental } as never);
const merge = { mode: 'merge', key: ['id'] } as const;
const defined = (incremental: object, sink: object = merge, more: Partial<PipelineOptions> = {}) =>
  pipeline('orders', {
    outputs: [source(incremental).to(lake({ table: 'copies', clearedFor: 'restricted', ...sink }))],
    ...more,
  });
const problems = (...given: Parameters<typeof defined>) => problemsOf(() => defined(...given));

test('a source that goes on is part of the plan, the same from YAML, and its runs wait for each other', async () => {
  const plain = z.object({ id: z.int(), at: z.iso.datetime() });
  const orders = from(table({ table: 'orders' }), plain, { incremental: { by: 'at', lag: '2 hours' } });
  const plan = await compile(
    pipeline('orders', { outputs: [orders.to(lake({ table: 'copies', ...merge, key: ['id'] }))] }),
  );
  expect(plan.nodes[0]).toMatchObject({ use: 'whole', incremental: { by: 'at', type: 'TIMESTAMP', lagSeconds: 7200 } });
  expect(plan.overlap).toEqual({ policy: 'queue', runs: 1 });
  const text = `
pipeline: orders
sources:
  orders:
    from: { table: { table: orders } }
    contract: { columns: { id: integer, at: { type: timestamp, timezone: false } } }
    incremental: { by: at, lag: 2 hours }
outputs:
  - { from: orders, to: { lake: { table: copies, mode: merge, key: [id] } } }
`;
  const surroundings = { components, readText: async () => '', importModule: async () => ({}) };
  const read = async (yaml: string) => compile(await readPipeline(yaml, 'orders.yaml', surroundings));
  expect((await read(text)).nodes[0]).toMatchObject({
    incremental: (plan.nodes[0] as { incremental: object }).incremental,
  });
  // A mistake is told where it stands.
  await expect(read(text.replace('by: at', 'by: att'))).rejects.toMatchObject({
    problems: [{ at: 'orders.yaml:7:24', part: 'orders / incremental / by', change: 'did you mean "at"?' }],
  });
});

test.each([
  ['no column', { by: 'moment' }, 'there is no column'],
  ['a text', { by: 'note' }, 'is of type VARCHAR'],
  ['what may be missing', { by: 'seen' }, 'or missing'],
  ['a restricted column', { by: 'secret' }, 'which is restricted'],
  ['an integer with a lag', { by: 'id', lag: '1 day' }, 'is of type BIGINT'],
  ['a day with a lag of hours', { by: 'day', lag: '2 hours' }, 'is of type DATE'],
  ['a lag that is none', { by: 'at', lag: 'soon' }, 'is not a duration'],
  ['an unknown option', { by: 'at', lagg: '1 day' }, 'there is no option "lagg"'],
])('%s is nothing to go on by', async (_, incremental, problem) => {
  const found = await problems(incremental);
  expect(found[0]!.problem).toContain(problem);
  expect(found[0]).toMatchObject({ at: expect.any(String), received: expect.anything(), change: expect.any(String) });
});

test.each([
  ['rows within a lag twice', { by: 'at', lag: '1 day' }, { mode: 'append' }, 'would hold them twice'],
  ['new rows alone', { by: 'at' }, { mode: 'replace' }, 'put them in the place of the earlier ones'],
  [
    'new rows of a day alone',
    { by: 'at' },
    { mode: 'replacePartitions', partitionBy: ['day'] },
    'in the place of the earlier ones',
  ],
])('a table that would have %s is refused', async (_, incremental, sink, problem) => {
  const [found, ...more] = await problems(incremental, sink);
  expect([found!.part, more]).toEqual(['orders / incremental', []]);
  expect(found).toMatchObject({ problem: expect.stringContaining(problem), allowed: expect.stringContaining('merge') });
});

test('runs at the same time, and a source that is looked up in, are refused', async () => {
  const [overlap] = await problems({ by: 'at' }, merge, { overlap: { policy: 'queue', runs: 2 } });
  expect(overlap).toMatchObject({ part: 'overlap', received: 'queue, runs: 2' });
  const side = from(s3({ key: 'reference/a.csv' }), z.object({ k: z.int(), day: z.iso.date() }), {
    incremental: { by: 'day' },
  });
  const [found] = await problemsOf(() =>
    pipeline('orders', {
      outputs: [
        from(table({ table: 'orders' }), record)
          .pipe(enrich({ with: side, on: 'id = k', take: { other: 'day' } }))
          .to(lake({ table: 'copies', clearedFor: 'restricted' })),
      ],
    }),
  );
  expect(found).toMatchObject({ part: 'a / incremental', allowed: 'a source whose rows flow to an output' });
});

test('two sources that go on in the same files read them in one format', async () => {
  const growing = (options: Parameters<typeof s3>[0], fields: z.ZodObject = z.object({ id: z.int() })) =>
    from(s3(options), fields, { incremental: { offset: true } });
  const both = (a: ReturnType<typeof growing>, b: ReturnType<typeof growing>) =>
    problemsOf(() => pipeline('orders', { outputs: [a.to(lake({ table: 'a' })), b.to(lake({ table: 'b' }))] }));
  const csv = { prefix: 'landing/orders/', format: 'csv' } as const;
  expect(await both(growing(csv), growing({ key: 'landing/orders/a', format: 'ndjson' }))).toMatchObject([
    {
      problem: expect.stringContaining('may read the same files in another format'),
      received: 'ndjson in landing/orders/a',
      allowed: expect.stringContaining('csv'),
      change: expect.stringContaining('folders of their own'),
    },
  ]);
  expect(await both(growing(csv), growing({ ...csv, delimiter: ';' }))).toHaveLength(1);
  expect(await both(growing(csv), growing({ ...csv, header: false }))).toHaveLength(1);
  const plain = { ...csv, header: false };
  expect(await both(growing(plain), growing(plain, z.object({ id: z.int(), note: z.string() })))).toHaveLength(1);
  // The same format, whatever its columns; and other files.
  expect(await both(growing(csv), growing(csv, z.object({ id: z.int(), note: z.string() })))).toEqual([]);
  expect(await both(growing(csv), growing({ prefix: 'landing/orders-json/', format: 'ndjson' }))).toEqual([]);
  const one = (key: string, format: 'csv' | 'ndjson') => growing({ key: `landing/orders/${key}`, format });
  expect(await both(one('a', 'csv'), one('ab', 'ndjson'))).toEqual([]);
  expect(await both(one('a', 'csv'), one('a', 'ndjson'))).toHaveLength(1);
  const whole = from(s3({ ...csv, format: 'ndjson' }), z.object({ id: z.int() }));
  expect(await both(growing(csv), whole)).toEqual([]);
});
