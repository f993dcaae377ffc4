import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { executeChunk } from '../../lib/engine/index.ts';
import { aggregate, cast, derive, from, lake, map, pipeline, s3, validate } from '../../lib/index.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import {
  type Compiled,
  compiled,
  components,
  rejectFiles,
  run,
  tableFiles,
} from '../fixtures/engine/in-process-run.ts';
import { scratch, scratchFile } from '../fixtures/engine/scratch.ts';

const schema = z.object({ k: z.string(), n: z.int() });
const source = from(s3({ prefix: 'landing/things/', format: 'csv' }), schema);

function chunk(code: Compiled, path: string, more: Partial<Parameters<typeof executeChunk>[0]> = {}) {
  return executeChunk({
    plan: code.plan,
    components,
    functions: code.functions,
    stage: 'process',
    chunk: '000000',
    solo: true,
    inputs: [{ path, key: 'landing/things/one', of: 'things', file: 0 }],
    references: {},
    partitions: 2,
    at: 0,
    workFolder: scratch(),
    memoryMegabytes: 1024,
    threads: 2,
    ...more,
  });
}

const copying = () => compiled(pipeline('things', { outputs: [source.to(lake({ table: 'things' }))] }));
const small = () => scratchFile('input-0', 'k,n\na,1\n');

describe('an abort', () => {
  const slow = () =>
    compiled(
      pipeline('things', {
        outputs: [
          source
            .pipe(
              derive({ sum: 'list_sum(list_transform(range(n), lambda x: x * x))' }),
              aggregate({ by: [], measures: { sum: 'sum("sum")' } }),
            )
            .to(lake({ table: 'things' })),
        ],
      }),
    );
  const large = () => scratchFile('input-0', `k,n\n${'a,3000\n'.repeat(400_000)}`);

  test('in the middle of a query ends the chunk within a moment, as an abort and as nothing else', async () => {
    const controller = new AbortController();
    const running = chunk(await slow(), large(), { signal: controller.signal });
    setTimeout(() => controller.abort(), 150);
    const start = performance.now();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('gives its own reason', async () => {
    const controller = new AbortController();
    const running = chunk(await slow(), large(), { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('the visibility of the message ends')), 100);
    await expect(running).rejects.toThrow('the visibility of the message ends');
  });

  test('while a file is read is no fault of the file', async () => {
    const controller = new AbortController();
    const file = scratchFile('input-0', `k,n\n${'a,1\n'.repeat(1_500_000)}"`);
    const running = chunk(await copying(), file, { signal: controller.signal });
    setTimeout(() => controller.abort(), 30);
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });

  test("while the user's function runs stops after a batch of rows", async () => {
    const controller = new AbortController();
    let calls = 0;
    const code = await compiled(
      pipeline('things', {
        outputs: [
          source
            .pipe(
              map(z.object({ n: z.int() }), ({ n }) => {
                if (++calls === 10) controller.abort();
                return { n };
              }),
            )
            .to(lake({ table: 'things' })),
        ],
      }),
    );
    const file = scratchFile('input-0', `k,n\n${'a,1\n'.repeat(20_000)}`);
    await expect(chunk(code, file, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(calls).toBeLessThan(10_000);
  });

  test('before the chunk begins starts nothing', async () => {
    await expect(chunk(await copying(), small(), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('sums', () => {
  const summing = (factor: string) =>
    compiled(
      pipeline('things', {
        outputs: [
          source
            .pipe(derive({ n: `n::HUGEINT * n * ${factor}` }), aggregate({ by: [], measures: { sum: 'sum(n)' } }))
            .to(lake({ table: 'sums' })),
        ],
      }),
    );

  test('of 128 bits are kept to the last digit', async () => {
    const file = scratchFile('input-0', `k,n\na,${10 ** 9 + 7}\nb,3\n`);
    const result = await run(await summing('1000000000'), { things: [{ path: file }] });
    const [row] = await query(`FROM '${tableFiles(result, 'sums')[0]}'`);
    expect(row!.sum).toBe(String(1_000_000_007n ** 2n * 1_000_000_000n + 9_000_000_000n));
  });

  test('that no table can hold are rejected, and are not rounded', async () => {
    const file = scratchFile('input-0', `k,n\n${'a,3000000000000000000\n'.repeat(12)}`);
    const result = await run(await summing('1'), { things: [{ path: file }] });
    expect(tableFiles(result, 'sums')).toEqual([]);
    expect(result.chunks[0]!.steps.find(({ node }) => node === 'table.sums')).toMatchObject({
      rowsIn: 1,
      rowsOut: 0,
      rejected: 1,
      rules: { 'sum can be stored': 1 },
    });
  });
});

test('a row that is rejected after it has travelled is told by its own file and record', async () => {
  const code = await compiled(
    pipeline('things', {
      outputs: [
        source
          .pipe(
            aggregate({ by: ['k'], measures: { n: 'sum(n)' } }),
            validate({ small: { column: 'n', holds: 'n < 100' } }),
            cast({ n: 'BIGINT' }),
            aggregate({ by: ['n'], measures: { k: 'min(k)' } }),
            validate({ 'no z': { column: 'k', holds: "k <> 'z'" } }),
          )
          .to(lake({ table: 'things' })),
      ],
    }),
  );
  const files = ['k,n\na,1\nb,2\n', 'k,n\nz,5\nlarge,100\n'].map((text, index) => ({
    path: scratchFile('input-0', text),
    key: `landing/things/${index}.csv`,
  }));
  const result = await run(code, { things: files }, { chunks: [[1], [0]], partitions: 3 });
  expect(code.plan.stages).toHaveLength(3);
  const paths = rejectFiles(result).map((path) => `'${path}'`);
  expect(
    await query(`SELECT file, "row"::INTEGER AS "row", rule, stage FROM read_parquet([${paths}]) ORDER BY rule`),
  ).toEqual([
    { file: 'landing/things/1.csv', row: 1, rule: 'no z', stage: 'reduce-2' },
    { file: 'landing/things/1.csv', row: 2, rule: 'small', stage: 'reduce-1' },
  ]);
});

describe('what a worker was not given fails the chunk by name', () => {
  test.each<[string, Partial<Parameters<typeof executeChunk>[0]>, string]>([
    ['an unknown stage', { stage: 'reduce-9' }, 'the plan has no stage reduce-9'],
    ['a component that was not bundled', { components: {} }, 'bundled without the component s3'],
    [
      'a file that is not there',
      { inputs: [{ path: '/nowhere/x', key: 'landing/x', of: 'things', file: 0 }] },
      '/nowhere',
    ],
  ])('%s', async (_, more, message) => {
    await expect(chunk(await copying(), small(), more)).rejects.toThrow(message);
  });
});

test('a chunk without files counts no rows and leaves no files', async () => {
  const result = await chunk(await copying(), small(), { inputs: [] });
  expect(result.files).toEqual([]);
  expect(result.steps.map(({ rowsIn, rowsOut }) => [rowsIn, rowsOut])).toEqual([
    [0, 0],
    [0, 0],
  ]);
});
