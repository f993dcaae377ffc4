import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import { pipelineFromYaml } from '../../lib/definition/index.ts';
import { from, lake, pipeline, s3, sort } from '../../lib/index.ts';
import { components } from '../../lib/registry/components.ts';
import { problemsOf } from '../fixtures/engine/problems.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

const record = z.object({ a: z.int(), day: z.iso.date(), note: z.string().nullable() });
const source = from(s3({ key: 'landing/x.csv' }), record);

function problems(options: object, dataset = source) {
  const sink = s3({ prefix: 'exports/x/', format: 'csv', ...options } as never);
  return problemsOf(() => pipeline('writes', { outputs: [dataset.to(sink)] }));
}

test.each([
  ['csv', { neutraliseFormulas: true, delimiter: ';', nullText: 'NULL', lineEnd: 'crlf', compression: 'gzip' }],
  ['ndjson', { longNumbers: 'text', compression: 'zstd' }],
  ['json', { sortBy: ['a'], mode: 'replace' }],
  ['parquet', { rowGroupRows: 4096, fileBytes: 1048576, partitionBy: ['day', { half: 'a % 2' }] }],
])('%s takes what is meant for it', async (format, options) => {
  expect(await problems({ format, ...options })).toEqual([]);
});

describe('refuses', () => {
  test.each<[string, object, object]>([
    ['a place that is no export', { prefix: 'curated/x/' }, { part: 'output s3 / prefix', received: 'curated/x/' }],
    ['a place above its own', { prefix: 'exports/../x/' }, { part: 'output s3 / prefix' }],
    [
      'a part that Penstock adds',
      { prefix: 'exports/x/data/' },
      { problem: expect.stringContaining('data, metadata, manifests') },
    ],
    ['an unknown format', { format: 'xlsx' }, { part: 'output s3 / format', received: 'xlsx' }],
    [
      'an option of another format',
      { format: 'json', delimiter: ';' },
      { part: 'output s3 / delimiter', allowed: expect.stringContaining('with the format csv') },
    ],
    ['row groups of text', { rowGroupRows: 4096 }, { part: 'output s3 / rowGroupRows', received: 4096 }],
    [
      'two sizes of row groups',
      { format: 'parquet', rowGroupRows: 4096, rowGroupBytes: 1048576 },
      { part: 'output s3 / rowGroupBytes' },
    ],
    ['a file of no size', { fileBytes: 10 }, { part: 'output s3 / fileBytes', received: 10 }],
    ['a delimiter that is a quote', { delimiter: '"' }, { part: 'output s3 / delimiter' }],
    ['a misspelt option', { neutralizeFormulas: true }, { change: 'did you mean "neutraliseFormulas"?' }],
    ['an order by no column', { sortBy: ['b'] }, { part: 'table.exports.x / sortBy / 0', received: 'b' }],
    [
      'a partition by no column',
      { partitionBy: ['dayy'] },
      { part: 'table.exports.x / partitionBy / 0', change: 'did you mean "day"?' },
    ],
    [
      'an expression over no column',
      { partitionBy: ['day', { b: 'b + 1' }] },
      { part: 'table.exports.x / partitionBy / 1 / b' },
    ],
    [
      'an expression that is an aggregate',
      { partitionBy: [{ b: 'max(a)' }] },
      { part: 'table.exports.x / partitionBy / 0 / b' },
    ],
    ['a statement', { partitionBy: [{ b: '1); DROP TABLE x' }] }, { part: 'table.exports.x / partitionBy / 0 / b' }],
    [
      'a name that a column has',
      { partitionBy: [{ A: 'a + 1' }] },
      { problem: expect.stringContaining('there are two columns "A"') },
    ],
    ['two names in one partition', { partitionBy: [{ b: 'a', c: 'a' }] }, { part: 'output s3 / partitionBy / 0' }],
    [
      'one partition twice',
      { partitionBy: ['day', { day: 'a' }] },
      { problem: expect.stringContaining('names a column twice') },
    ],
  ])('%s', async (_, options, expected) => {
    const found = await problems(options);
    expect(found).toContainEqual(expect.objectContaining(expected));
    for (const { problem, change } of found) expect([problem, change].every((text) => text.length > 3)).toBe(true);
  });

  test('an order beside that of a sort step', async () => {
    const [problem] = await problems({ sortBy: ['a'] }, source.pipe(sort({ order: ['day'] })));
    expect(problem).toMatchObject({ part: 'table.exports.x / sortBy', received: 'sortBy, and x.1-sort' });
  });

  test('CSV whose only column may be missing, as most readers skip an empty line', async () => {
    const narrow = from(s3({ key: 'landing/x.csv' }), z.object({ note: z.string().nullable() }));
    expect(await problems({}, narrow)).toMatchObject([{ change: expect.stringContaining('nullText') }]);
    expect(await problems({ nullText: '-' }, narrow)).toEqual([]);
  });

  test('a restricted column, unless the export is cleared for it', async () => {
    const secret = from(
      s3({ key: 'landing/x.csv' }),
      z.object({ a: z.int(), name: z.string().meta({ classification: 'restricted' }) }),
    );
    expect(await problems({ partitionBy: [{ initial: 'left(name, 1)' }] }, secret)).toMatchObject([
      { part: 'table.exports.x / name' },
      { part: 'table.exports.x / initial' },
    ]);
    expect(await problems({ clearedFor: 'restricted' }, secret)).toEqual([]);
  });
});

test('YAML says the same', async () => {
  const yaml = `
pipeline: writes
sources:
  x:
    from: { s3: { key: landing/x.csv } }
    contract: { columns: { a: integer, day: date, note: string? } }
outputs:
  - from: x
    to: { s3: { prefix: exports/x/, format: csv, neutraliseFormulas: true, partitionBy: [{ month: "date_trunc('month', day)" }] } }
  - from: x
    to: { lake: { table: x, sortBy: [a, { column: day, descending: true }], fileBytes: 1048576 } }
`;
  const definition = pipeline('writes', {
    outputs: [
      source.to(
        s3({
          prefix: 'exports/x/',
          format: 'csv',
          neutraliseFormulas: true,
          partitionBy: [{ month: "date_trunc('month', day)" }],
        }),
      ),
      source.to(lake({ table: 'x', sortBy: ['a', { column: 'day', descending: true }], fileBytes: 1048576 })),
    ],
  });
  const [plan, byYaml] = [
    await compile(definition),
    await compile(await pipelineFromYaml(scratchFile('writes.yaml', yaml), components)),
  ];
  expect(byYaml.digest).toBe(plan.digest);
  const output = plan.nodes.find(({ id }) => id === 'table.exports.x')!;
  expect(output).toMatchObject({ place: 'exports/x/', table: 'exports/x', lineage: { month: ['x:day'] } });
  expect(output.columns.at(-1)).toEqual({ name: 'month', type: 'TIMESTAMP', nullable: true });
});
