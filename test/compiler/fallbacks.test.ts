import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import type { SourceOptions } from '../../lib/definition/incremental.ts';
import { readPipeline } from '../../lib/definition/yaml/read-pipeline.ts';
import { enrich, from, lake, pipeline, s3, table } from '../../lib/index.ts';
import { components } from '../../lib/registry/components.ts';
import { problemsOf } from '../fixtures/engine/problems.ts';

const order = z.object({ id: z.string(), city: z.string() });
const city = z.object({ name: z.string(), state: z.string() });

/** Orders with their cities; `fallback` is that of the cities, or of the orders. */
function definition(fallback: unknown, { ofOrders = false } = {}) {
  const options = { fallback } as SourceOptions;
  const cities = from(s3({ key: 'reference/cities.csv' }), city, ofOrders ? {} : options);
  const orders = from(s3({ prefix: 'landing/orders/', format: 'csv' }), order, ofOrders ? options : {});
  const whole = orders.pipe(enrich({ with: cities, on: 'city = name', take: ['state'] }));
  return pipeline('orders', { outputs: [whole.to(lake({ table: 'orders' }))] });
}

const sourceNamed = async (given: ReturnType<typeof definition>, id: string) =>
  (await compile(given)).nodes.find((node) => node.id === id);

describe('what is read in place of a source', () => {
  test.each(['empty', 'last-good'])('stands in the plan: %s', async (fallback) => {
    expect(await sourceNamed(definition(fallback), 'cities')).toMatchObject({ use: 'reference', fallback });
  });

  test('may be another source of the same form', async () => {
    const other = { source: s3({ key: 'reference/cities-2025.csv' }) };
    expect(await sourceNamed(definition(other), 'cities')).toMatchObject({
      fallback: { component: 's3', options: { key: 'reference/cities-2025.csv' } },
    });
  });

  test('may be nothing for files that one run reads each', async () => {
    expect(await sourceNamed(definition('empty', { ofOrders: true }), 'orders')).toMatchObject({ fallback: 'empty' });
  });

  test('changes the digest of the plan, and is the same in YAML', async () => {
    const text = `
pipeline: orders
sources:
  cities:
    from: { s3: { key: reference/cities.csv } }
    contract: { columns: { name: string, state: string } }
    fallback: { source: { s3: { key: reference/cities-2025.csv } } }
  orders:
    from: { s3: { prefix: landing/orders/, format: csv } }
    contract: { columns: { id: string, city: string } }
datasets:
  whole: { from: orders, pipe: [{ enrich: { with: cities, on: city = name, take: [state] } }] }
outputs: [{ from: whole, to: { lake: { table: orders } } }]
`;
    const surroundings = { components, readText: async () => '', importModule: async () => ({}) };
    const read = await compile(await readPipeline(text, 'orders.yaml', surroundings));
    const written = await compile(definition({ source: s3({ key: 'reference/cities-2025.csv' }) }));
    expect(read.digest).toBe(written.digest);
    expect(read.digest).not.toBe((await compile(definition(undefined))).digest);
  });
});

describe('is refused with what to change', () => {
  test.each([
    ['what is none', 'cached', false, 'it does not say what is read', 'cached'],
    ['a sink', { source: lake({ table: 'x' }) }, false, 'it does not say what is read', 'lake'],
    ['nothing at all', {}, false, 'it does not say what is read', {}],
    ['another form', { source: table({ table: 'cities' }) }, false, 'must come in the same form', '{"kind":"parquet"}'],
    ['the source itself', { source: s3({ key: 'reference/cities.csv' }) }, false, 'its own place', expect.anything()],
    ['a copy of files that one run reads each', 'last-good', true, 'published twice', 'last-good'],
    [
      'a source beside them',
      { source: s3({ prefix: 'landing/b/', format: 'csv' }) },
      true,
      'published twice',
      'source s3',
    ],
  ])('%s', async (_, fallback, ofOrders, problem, received) => {
    expect(await problemsOf(() => definition(fallback, { ofOrders }))).toEqual([
      {
        at: expect.stringMatching(/fallbacks\.test\.ts:\d+:\d+$/),
        part: expect.stringContaining('fallback'),
        problem: expect.stringContaining(problem),
        received,
        allowed: expect.anything(),
        change: expect.anything(),
      },
    ]);
  });

  test('a copy of a source that goes on where earlier runs have ended', async () => {
    const options = { fallback: 'last-good' as const, incremental: { by: 'at' } };
    const seen = z.object({ id: z.string(), at: z.iso.datetime() });
    const given = () =>
      pipeline('seen-twice', { outputs: [from(table({ table: 'seen' }), seen, options).to(lake({ table: 'y' }))] });
    const problems = await problemsOf(given);
    expect(problems).toMatchObject([{ part: 'seen / fallback', received: 'last-good' }]);
    expect(problems[0]!.problem).toContain('goes on where earlier runs have ended');
  });

  test('options that the connector does not take', async () => {
    const wrong = { source: s3({ keys: 'x' } as never) };
    const problems = await problemsOf(() => definition(wrong));
    expect(problems[0]).toMatchObject({ part: 'source s3 / fallback', problem: 'there is no option "keys"' });
  });
});
