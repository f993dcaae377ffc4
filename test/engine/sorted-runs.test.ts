import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { type Dataset, deduplicate, filter, from, lake, pipeline, s3, sort } from '../../lib/index.ts';
import { expectBalance } from '../fixtures/engine/balance.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { compiled, run, tableFiles } from '../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

const record = z.object({ id: z.int(), t: z.string().nullable(), n: z.int().nullable(), x: z.number().nullable() });
const main = from(s3({ prefix: 'landing/main/', format: 'ndjson' }), record);

interface Row {
  readonly t: string | null;
  readonly n: number | null;
  readonly x: number | null;
  /** How many rows there are like it. */
  readonly times: number;
}

function inputs(files: readonly (readonly Row[])[]) {
  let id = 0;
  return {
    main: files.map((rows) => ({
      path: scratchFile(
        'input-0',
        rows
          .flatMap(({ times, ...row }) =>
            Array.from({ length: times }, () => `${JSON.stringify({ id: id++, ...row })}\n`),
          )
          .join(''),
      ),
    })),
  };
}

/** Ids in the order of the files' names, and in each file as they stand. */
async function idsOf(paths: readonly string[]): Promise<number[]> {
  const all: number[] = [];
  for (const path of paths)
    all.push(...(await query(`SELECT id::INTEGER AS id FROM read_parquet('${path}')`)).map(({ id }) => id as number));
  return all;
}

async function sorted(dataset: Dataset, files: readonly (readonly Row[])[], cut = {}) {
  const definition = pipeline('sorted', { outputs: [dataset.to(lake({ table: 'out' }))] });
  const result = await run(await compiled(definition), inputs(files), cut);
  expectBalance(result);
  const paths = [...tableFiles(result, 'out')].sort((a, b) => (a.split('/').at(-1)! < b.split('/').at(-1)! ? -1 : 1));
  return { paths, ids: await idsOf(paths) };
}

/** A few rows, one of which most rows are like. */
const row = fc.record({
  t: fc.option(fc.constantFrom('', 'a', 'A', 'b', 'ä', 'Z', '日本', 'a'.repeat(300), `${'a'.repeat(300)}b`)),
  n: fc.option(fc.integer({ min: -3, max: 3 })),
  x: fc.option(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0, 1e300, 0.5))),
  times: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 40 }) },
    { weight: 1, arbitrary: fc.constant(1500) },
  ),
});
const order = fc.uniqueArray(fc.record({ column: fc.constantFrom('t', 'n', 'x'), descending: fc.boolean() }), {
  selector: ({ column }) => column,
  minLength: 1,
});

test('the files of a run in any cut, one after the other, are the file of a run in one chunk, ties included', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(row, { maxLength: 8 }), { minLength: 3, maxLength: 3 }),
      order,
      fc.integer({ min: 2, max: 7 }),
      async (files, by, partitions) => {
        const dataset = main.pipe(sort({ order: by }));
        const solo = await sorted(dataset, files);
        const many = await sorted(dataset, files, { chunks: [[0, 2], [1]], partitions });
        expect(many.ids).toEqual(solo.ids);
        const columns = by.map(({ column, descending }) => `${column} ${descending ? 'DESC' : 'ASC'} NULLS LAST`);
        const [asked] = solo.paths;
        if (!asked) return;
        const inOrder = await query(`SELECT id::INTEGER AS id FROM read_parquet('${asked}') ORDER BY ${columns}, id`);
        expect(solo.ids).toEqual(inOrder.map(({ id }) => id));
      },
    ),
    { numRuns: 4, seed: 20_261_121 },
  );
}, 60_000);

test('rows that are all equal in the order are spread over the workers', async () => {
  const same = [{ t: 'a', n: 1, x: 1, times: 4000 }];
  const { paths, ids } = await sorted(main.pipe(sort({ order: ['t'] })), [same, same], {
    chunks: [[0], [1]],
    partitions: 4,
  });
  const rows = await Promise.all(paths.map(async (path) => (await idsOf([path])).length));
  expect(rows).toHaveLength(4);
  for (const count of rows) expect(count).toBeLessThan(3000);
  expect(ids).toEqual(Array.from({ length: 8000 }, (_, id) => id));
});

test('rows that have met by a key between are put in order behind that', async () => {
  const files = [0, 1, 2].map((file) =>
    [5, 3, 1, 4, 2].map((n) => ({ t: `${file}`, n: n * 10 + file, x: n, times: 60 })),
  );
  const dataset = main.pipe(
    sort({ order: [{ column: 'n', descending: true }] }),
    deduplicate({ key: ['id'] }),
    filter('x <> 3'),
  );
  const cut = { chunks: [[0], [1], [2]], partitions: 3 };
  const [solo, many] = [await sorted(dataset, files), await sorted(dataset, files, cut)];
  expect(many.ids).toEqual(solo.ids);
  expect(many.paths.length).toBeGreaterThan(1);
});
