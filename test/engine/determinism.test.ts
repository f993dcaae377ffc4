import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { aggregate, deduplicate, from, lake, pipeline, s3 } from '../../lib/index.ts';
import { someOf } from '../fixtures/depth.ts';
import { rowsOf } from '../fixtures/engine/duckdb.ts';
import { compiled, type RunResult, run, tableFiles } from '../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';
import { shipped } from '../fixtures/engine/shipped.ts';

/** Names with the rows that they hold. */
async function contents({ files }: RunResult): Promise<Record<string, string[]>> {
  const entries = files.map(
    async ({ kind, of, name, path }) => [`${kind} ${of} ${name}`, await rowsOf([path])] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

// One that groups and one that merges; what all of them publish in chunks is held elsewhere.
describe.each(someOf(shipped.slice(0, 2)))('$name', ({ definition, inputs }) => {
  test('gives files of the same names with the same rows when its chunks are repeated', async () => {
    const code = await compiled(definition);
    const files = inputs([0.02, 0.01, 0.02, 0.95]);
    const cut = { chunks: [[0], [1, 2]], partitions: 3 };
    const [first, second] = [await run(code, files, cut), await run(code, files, cut)];
    expect(await contents(second)).toEqual(await contents(first));
    expect(second.steps).toEqual(first.steps);
  });
});

describe('ties of deduplicate are decided by the place in the source', () => {
  const schema = z.object({ k: z.string(), at: z.int(), n: z.int() });
  const pieces = ['a,1,1\nb,1,2\na,1,3\n', 'b,1,4\na,0,5\n,9,6\n,9,7\n'];

  async function kept(keep: 'first' | 'latest', chunks: number[][] | undefined): Promise<string[]> {
    const source = from(s3({ prefix: 'landing/things/', format: 'csv' }), schema.extend({ k: z.string().nullable() }));
    const step = deduplicate(keep === 'first' ? { key: ['k'] } : { key: ['k'], keep, by: 'at' });
    const definition = pipeline('things', { outputs: [source.pipe(step).to(lake({ table: 'things' }))] });
    const files = pieces.map((piece) => ({ path: scratchFile('input-0', `k,at,n\n${piece}`) }));
    const result = await run(await compiled(definition), { things: files }, { chunks, partitions: 5 });
    return (await rowsOf(tableFiles(result, 'things'))).map((line) => JSON.parse(line).n).sort();
  }

  test.each([
    ['first', undefined, [1, 2, 6]],
    ['first', [[1], [0]], [1, 2, 6]],
    ['latest', undefined, [3, 4, 7]],
    ['latest', [[1], [0]], [3, 4, 7]],
  ] as const)('%s, in chunks %j', async (keep, chunks, expected) => {
    expect(
      await kept(
        keep,
        chunks?.map((chunk) => [...chunk]),
      ),
    ).toEqual(expected);
  });
});

test('an aggregate of texts in an order is the same in one chunk and in many', async () => {
  const source = from(s3({ prefix: 'landing/things/', format: 'csv' }), z.object({ k: z.string(), n: z.int() }));
  const step = aggregate({ by: ['k'], measures: { all: "string_agg(n::VARCHAR, '+' ORDER BY n)", sum: 'sum(n)' } });
  const definition = pipeline('things', { outputs: [source.pipe(step).to(lake({ table: 'things' }))] });
  const code = await compiled(definition);
  const files = [5, 3, 4].map((n) => ({ path: scratchFile('input-0', `k,n\na,${n}\nb,${n + 1}\na,${n * 10}\n`) }));
  const expected = ['{"k":"a","all":"3+4+5+30+40+50","sum":132}', '{"k":"b","all":"4+5+6","sum":15}'];
  expect(await rowsOf(tableFiles(await run(code, { things: files }), 'things'))).toEqual(expected);
  const many = await run(code, { things: files }, { chunks: [[2], [0], [1]], partitions: 2 });
  expect(await rowsOf(tableFiles(many, 'things'))).toEqual(expected);
});
