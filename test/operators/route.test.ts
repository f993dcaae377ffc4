import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { enrich, filter, from, lake, pipeline, route, s3 } from '../../lib/index.ts';
import { checkSteps } from '../../lib/runtime/ledger/check-steps.ts';
import { expectBalance } from '../fixtures/engine/balance.ts';
import { rowsOf } from '../fixtures/engine/duckdb.ts';
import { compiled, type RunResult, run, tableFiles } from '../fixtures/engine/in-process-run.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';
import { problemsOf } from '../fixtures/engine/problems.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

const orders = () =>
  from(s3({ prefix: 'landing/orders/', format: 'ndjson' }), z.object({ n: z.int().nullable(), country: z.string() }));
const routes = { large: 'n > 100', "it's German": "country = 'DE'" };
const place = { pipeline: 'routed', run: 'r', stage: 'process', chunk: '0' };
const branch = (input: ReturnType<typeof orders>, to: string, table: string) =>
  input.pipe(route(routes, to)).to(lake({ table }));

describe('rows of three routes', () => {
  let result: RunResult;
  beforeAll(async () => {
    const input = orders();
    const outputs = [
      branch(input, 'large', 'large'),
      branch(input, "it's German", 'german'),
      branch(input, 'otherwise', 'others'),
    ];
    const lines = [
      { n: 500, country: 'DE' },
      { n: 5, country: 'DE' },
      { n: null, country: 'FR' },
      { n: 101, country: 'FR' },
    ];
    const path = scratchFile('input-0', lines.map((line) => JSON.stringify(line)).join('\n'));
    result = await run(await compiled(pipeline('routed', { outputs })), { orders: [{ path }] });
  });

  test('go to the first whose condition is true, each to one', async () => {
    expectBalance(result);
    const tables = ['large', 'german', 'others'].map((table) => rowsOf(tableFiles(result, table)));
    expect(await Promise.all(tables)).toEqual([
      ['{"n":101,"country":"FR"}', '{"n":500,"country":"DE"}'],
      ['{"n":5,"country":"DE"}'],
      ['{"n":null,"country":"FR"}'],
    ]);
  });

  test('are accounted for: which went on, and by which route the others did', () => {
    const [large] = result.steps.filter(({ node }) => node.endsWith('-route'));
    expect(large).toEqual({
      node: 'orders.1-route',
      rowsIn: 4,
      multiplied: 0,
      rowsOut: 2,
      rejected: 0,
      filtered: 0,
      merged: 0,
      routed: 2,
      rules: { "takes route it's German": 1, 'takes route otherwise': 1 },
    });
  });

  test('that two routes both took, or none did, do not balance', () => {
    const [large, ...others] = result.steps.filter(({ node }) => node.includes('-route'));
    const steps = result.steps.map((step) => {
      return step === large ? { ...large, rowsOut: 3, routed: 1, rules: { x: 1 } } : step;
    });
    expect(others).toHaveLength(2);
    expect(() => expectBalance({ ...result, steps })).toThrow('part rows unevenly');
  });
});

test('routes of reference data are captured one by one', async () => {
  const names = from(s3({ key: 'reference/names.ndjson' }), z.object({ name: z.string() }));
  const by = { short: 'length(name) < 3' };
  const main = orders().pipe(
    enrich({ with: names.pipe(route(by, 'short')), on: 'country = name', take: { short: 'name' } }),
    enrich({ with: names.pipe(route(by, 'otherwise')), on: 'country = name', take: { long: 'name' } }),
  );
  const code = await compiled(pipeline('routed', { outputs: [main.to(lake({ table: 'out' }))] }));
  const path = scratchFile('input-0', '{"n":1,"country":"DE"}\n');
  const result = await run(code, {
    orders: [{ path }],
    names: [{ path: scratchFile('input-0', '{"name":"DE"}\n{"name":"FRA"}\n') }],
  });
  for (const { steps, files } of result.chunks) checkSteps(code.plan, place, steps, files);
  expect(await rowsOf(tableFiles(result, 'out'))).toEqual(['{"n":1,"country":"DE","short":"DE","long":null}']);
});

describe('refuses', () => {
  test('a route that leads nowhere', async () => {
    const problems = await problemsOf(() => {
      const input = orders();
      return pipeline('routed', { outputs: [branch(input, 'large', 'large'), branch(input, 'otherwise', 'others')] });
    });
    expect(problems).toMatchObject([
      {
        part: 'orders.1-route / routes',
        problem: 'rows that take the route "it\'s German" lead nowhere',
        received: ['large', 'otherwise'],
        at: expect.stringMatching(/route\.test\.ts:\d+:\d+$/),
      },
    ]);
  });

  test('the same route on other rows: it is another choice', async () => {
    const problems = await problemsOf(() => {
      const input = orders();
      const others = input.pipe(filter('n > 0'));
      const outputs = [
        branch(input, 'large', 'large'),
        branch(input, 'otherwise', 'others'),
        branch(others, "it's German", 'german'),
      ];
      return pipeline('routed', { outputs });
    });
    expect(problems).toHaveLength(2);
  });

  test.each<[string, ReturnType<typeof route>, object]>([
    [
      'a route that there is not',
      route({ a: 'true' }, 'b'),
      { part: 'main / route / to', allowed: ['a', 'otherwise'] },
    ],
    ['a condition for what is left', route({ otherwise: 'true' }, 'otherwise'), { part: 'main / route / routes' }],
    ['no route', route({}, 'otherwise'), { part: 'main / route / routes' }],
    [
      'a column that is not there',
      route({ a: 'nmae > 1' }, 'a'),
      { part: 'main.1-route / routes / a', change: 'did you mean "name"?' },
    ],
    ['what is no condition', route({ a: 'amount' }, 'a'), { part: 'main.1-route / routes / a' }],
    ['an aggregate', route({ a: 'count(*) > 1' }, 'a'), { part: 'main.1-route / routes / a' }],
  ])('%s', async (_, step, expected) => {
    expect((await mistakesIn(step))[0]).toMatchObject(expected);
  });
});
