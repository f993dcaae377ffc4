import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type Dataset, derive, filter, from, lake, pipeline, s3, select, sort } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { compiled, run, tableFiles } from '../fixtures/engine/in-process-run.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';
import { problemsOf } from '../fixtures/engine/problems.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

const schema = z.object({ k: z.string().nullable(), n: z.int() });
const rows = [
  { k: 'b', n: 1 },
  { k: null, n: 9 },
  { k: 'a', n: 2 },
  { k: 'b', n: 7 },
];
const order = ['k', { column: 'n', descending: true }];

test('orders the rows of a table, NULLs last', async () => {
  const applied = await apply(rows, { schema }, [sort({ order }), filter('n < 10'), derive({ twice: 'n * 2' })]);
  expect(applied.rows.map(({ n }) => n)).toEqual([2, 7, 1, 9]);
  expect(applied.count).toMatchObject({ rowsIn: 4, rowsOut: 4 });
});

test('the last sort decides', async () => {
  const applied = await apply(rows, { schema }, [sort({ order }), sort({ order: ['n'] })]);
  expect(applied.rows.map(({ n }) => n)).toEqual([1, 2, 7, 9]);
});

test('orders each file of a partition, and cuts few partitions in two', async () => {
  const many = Array.from({ length: 400 }, (_, index) => ({ k: `k${index % 3}`, n: (index * 7919) % 401 }));
  const text = (part: typeof many) => part.map((row) => `${JSON.stringify(row)}\n`).join('');
  const main = from(s3({ prefix: 'landing/main/', format: 'ndjson' }), schema);
  const code = await compiled(
    pipeline('sorted', { outputs: [main.pipe(sort({ order: ['n'] })).to(lake({ table: 'out', partitionBy: ['k'] }))] }),
  );
  const main2 = [many.slice(0, 150), many.slice(150)].map((part) => ({ path: scratchFile('input-0', text(part)) }));
  const files = tableFiles(await run(code, { main: main2 }, { chunks: [[0], [1]] }), 'out');
  expect(files).toHaveLength(4);
  for (const file of files) {
    const [found] = await query(
      `SELECT list(n ORDER BY file_row_number)::VARCHAR = list(n ORDER BY n)::VARCHAR AS sorted FROM read_parquet('${file}', file_row_number = true)`,
    );
    expect(found!.sorted).toBe(true);
  }
});

describe('refuses', () => {
  test.each([
    ['an unknown column', { order: ['dya'] }, { part: 'main.1-sort / order / 0', change: 'did you mean "day"?' }],
    ['no order', { order: [] }, { part: 'main / sort / order' }],
    ['an unknown option', { order: ['day'], limit: 1 } as never, { problem: 'there is no option "limit"' }],
  ])('%s', async (_, options, expected) => {
    expect(await mistakesIn(sort(options))).toMatchObject([expected]);
  });

  test('an order that a step behind it loses', async () => {
    const main = from(s3({ prefix: 'landing/main/', format: 'ndjson' }), schema);
    const problems = (dataset: Dataset) =>
      problemsOf(() => pipeline('lost', { outputs: [dataset.to(lake({ table: 'out' }))] }));
    expect(await problems(main.pipe(sort({ order: ['n'] }), select('k')))).toMatchObject([
      {
        part: 'main.1-sort / order',
        problem: expect.stringContaining('"main.2-select"'),
        change: 'put sort behind that step',
      },
    ]);
  });
});
