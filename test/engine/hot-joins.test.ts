import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { from, join, lake, pipeline, s3 } from '../../lib/index.ts';
import { runs } from '../fixtures/depth.ts';
import { expectBalance } from '../fixtures/engine/balance.ts';
import { digestOf } from '../fixtures/engine/duckdb.ts';
import { type Compiled, compiled, type RunResult, run, tableFiles } from '../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

/** Joins of every kind, in which one key of either side has most rows. */
const kinds = ['inner', 'left', 'right', 'full', 'semi', 'anti'] as const;
const record = z.object({ k: z.int().nullable(), t: z.string(), id: z.int() });
const left = from(s3({ prefix: 'landing/left/', format: 'ndjson' }), record);
const right = from(s3({ prefix: 'landing/right/', format: 'ndjson' }), record);
const definition = pipeline('hot', {
  outputs: kinds.map((how) => {
    const taken = how === 'semi' || how === 'anti' ? {} : { prefix: 'r_' };
    return left.pipe(join({ with: right, on: 'k = k AND t = t', how, ...taken })).to(lake({ table: how }));
  }),
});

let code: Compiled;
beforeAll(async () => {
  code = await compiled(definition);
});

interface Rows {
  readonly k: number | null;
  readonly t: string;
  readonly times: number;
}

function fileOf(rows: readonly Rows[]) {
  let id = 0;
  const lines = rows.flatMap(({ k, t, times }) =>
    Array.from({ length: times }, () => `${JSON.stringify({ k, t, id: id++ })}\n`),
  );
  return { path: scratchFile('input-0', lines.join('')) };
}

const contents = async (result: RunResult) => ({
  tables: await Promise.all(kinds.map((how) => digestOf(tableFiles(result, how)))),
  steps: result.steps,
});

const few = fc.record({
  k: fc.option(fc.integer({ min: 0, max: 5 })),
  t: fc.constantFrom('a', 'b'),
  times: fc.constant(1),
});
const many = fc.record({
  k: fc.option(fc.integer({ min: 4, max: 6 }), { freq: 8 }),
  t: fc.constant('a'),
  times: fc.integer({ min: 500, max: 900 }),
});
const file = fc.array(few, { maxLength: 12 });
const hotFile = fc.tuple(file, many, file).map(([before, hot, behind]) => [...before, hot, ...behind]);
const cold = fc.tuple(file, file);
const hot = fc.tuple(hotFile, fc.oneof(file, hotFile));

test('a key that most rows of one input have is joined as in one chunk, whatever the cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.tuple(hot, cold), fc.tuple(cold, hot)),
      fc.integer({ min: 2, max: 4 }),
      async ([lefts, rights], partitions) => {
        const inputs = { left: lefts.map(fileOf), right: rights.map(fileOf) };
        const solo = await run(code, inputs);
        const parted = await run(code, inputs, { chunks: [[0, 2], [1], [3]], partitions });
        for (const result of [solo, parted]) expectBalance(result);
        expect(await contents(parted)).toEqual(await contents(solo));
      },
    ),
    { numRuns: runs({ some: 1, all: 6 }), seed: 20_261_121 },
  );
}, 60_000);

test.each(['left', 'right'] as const)('rows of a hot key of the %s input are shared out', async (side) => {
  const hotKey = [{ k: 1, t: 'a', times: 4000 }];
  const others = Array.from({ length: 40 }, (_, k) => ({ k, t: 'a', times: 1 }));
  const inputs = {
    [side]: [hotKey, hotKey, hotKey, others].map(fileOf),
    [side === 'left' ? 'right' : 'left']: [fileOf(others)],
  };
  // The left files come first; each chunk has one file of the hot key.
  const chunks = side === 'left' ? [[0], [1], [2, 3, 4]] : [[0, 1], [2], [3, 4]];
  const parted = await run(code, inputs, { chunks, partitions: 3 });
  const inner = code.plan.nodes.find((node) => node.kind === 'output' && node.table === 'inner')!;
  const shares = parted.files.filter(({ kind, of }) => kind === 'table' && of === inner.id).map(({ rows }) => rows);
  expect(shares.reduce((sum, rows) => sum + rows, 0)).toBe(12_040);
  expect(Math.max(...shares)).toBeLessThan(5000);
  expectBalance(parted);
  expect(await contents(parted)).toEqual(await contents(await run(code, inputs)));
});
