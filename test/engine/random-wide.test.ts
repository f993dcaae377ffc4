import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import {
  aggregate,
  type Dataset,
  deduplicate,
  filter,
  from,
  join,
  lake,
  pipeline,
  pivot,
  rank,
  s3,
  union,
  window,
} from '../../lib/index.ts';
import { runs } from '../fixtures/depth.ts';
import { expectBalance } from '../fixtures/engine/balance.ts';
import { rowsOf } from '../fixtures/engine/duckdb.ts';
import { type Compiled, compiled, type RunResult, run, tableFiles } from '../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

/** Every step for which rows must meet, alone and behind others, over keys of which one has most rows. */
const record = z.object({ k: z.string().nullable(), n: z.int().nullable(), x: z.number().nullable() });
const left = from(s3({ prefix: 'landing/left/', format: 'ndjson' }), record);
const right = from(s3({ prefix: 'landing/right/', format: 'ndjson' }), record.extend({ city: z.string() }));
const floats = { sum: 'sum(x)', mean: 'avg(x)', spread: 'var_pop(n)', best: 'arg_max(n, x)', rows: 'count(*)' };
const sums = { sum: 'sum(x)', mean: 'avg(n)', least: 'min(x)', rows: 'count(*)' };
const order = [{ column: 'n', descending: true }];
const both = left.pipe(join({ with: right, on: 'k = k', how: 'full', prefix: 'r_' }));
const tables: Readonly<Record<string, Dataset>> = {
  full: both,
  inner_once: left.pipe(
    join({ with: right, on: 'k = k AND n = n', take: ['city'] }),
    deduplicate({ key: ['k', 'city'] }),
  ),
  left_sums: left.pipe(
    join({ with: right, on: 'k = k', how: 'left', take: ['city'] }),
    aggregate({ by: ['city'], measures: floats }),
  ),
  small_side: left.pipe(
    join({ with: from(s3({ key: 'reference/small.ndjson' }), record), on: 'k = k', prefix: 's_', broadcast: true }),
    rank({ by: ['k'], order: ['s_n'], top: 2 }),
  ),
  anti: left.pipe(join({ with: right, on: 'n = n', how: 'anti' })),
  semi: left.pipe(join({ with: left.pipe(filter('n > 2')), on: 'k = k', how: 'semi' })),
  united: left.pipe(
    union({ with: [right, left], missing: 'null', origin: 'whence' }),
    deduplicate({ key: ['k', 'whence'] }),
  ),
  united_later: left.pipe(deduplicate({ key: ['k'], keep: 'latest', by: 'x' }), union({ with: left })),
  sums: left.pipe(aggregate({ by: ['k'], measures: sums })),
  all: left.pipe(aggregate({ by: [], measures: { ...sums, ...floats } })),
  twice: left.pipe(
    aggregate({ by: ['k', 'n'], measures: sums }),
    aggregate({ by: ['k'], measures: { sum: 'sum(sum)' } }),
  ),
  pivoted: left.pipe(pivot({ by: ['n'], column: 'k', values: ['a', 'b'], cell: 'sum(x)', other: 'rest' })),
  top: left.pipe(rank({ by: ['k'], order, top: 2 })),
  windows: left.pipe(
    window({
      by: ['k'],
      order,
      columns: { before: 'lag(x)', soFar: 'sum(x)', near: { call: 'avg(x)', preceding: 2 } },
    }),
  ),
};
const definition = pipeline('wide', {
  outputs: Object.entries(tables).map(([table, dataset]) => dataset.to(lake({ table }))),
});

let code: Compiled;
beforeAll(async () => {
  code = await compiled(definition);
});

const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0.1, 0.2, 0.3, 1e16, -0));
const row = fc.record({
  k: fc.oneof({ weight: 8, arbitrary: fc.constant('a') }, { weight: 3, arbitrary: fc.constantFrom('b', 'c', null) }),
  n: fc.option(fc.integer({ min: 0, max: 4 })),
  x: fc.option(value),
});
const files = fc.array(fc.array(row, { maxLength: 10 }), { minLength: 1, maxLength: 4 });
const written = (rows: readonly object[], more = {}) => ({
  path: scratchFile('input-0', rows.map((one) => `${JSON.stringify({ ...one, ...more })}\n`).join('')),
});

async function contents(result: RunResult) {
  const found: Record<string, string[]> = {};
  for (const table of Object.keys(tables)) found[table] = await rowsOf(tableFiles(result, table));
  return { tables: found, steps: result.steps };
}

test('any cut of any rows gives the rows and counts of one chunk, to the last bit', async () => {
  await fc.assert(
    fc.asyncProperty(
      files,
      files,
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.nat({ max: 2 })),
      async (lefts, rights, partitions, places) => {
        const inputs = {
          left: lefts.map((rows) => written(rows)),
          right: rights.map((rows, index) => written(rows, { city: `city ${index}` })),
          small: [written(lefts[0]!.slice(0, 4))],
        };
        const chunks: number[][] = [[], [], []];
        for (let index = 0; index < lefts.length + rights.length; index++) chunks[places[index] ?? 0]!.push(index);
        const solo = await run(code, inputs);
        const many = await run(code, inputs, { chunks: chunks.filter((chunk) => chunk.length > 0), partitions });
        for (const result of [solo, many]) expectBalance(result);
        expect(await contents(many)).toEqual(await contents(solo));
      },
    ),
    { numRuns: runs({ some: 1, all: 8 }), seed: 20_261_121 },
  );
}, 120_000);
