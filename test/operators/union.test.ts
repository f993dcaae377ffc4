import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { deduplicate, filter, from, lake, pipeline, s3, select, union } from '../../lib/index.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { compiled } from '../fixtures/engine/in-process-run.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';
import { problemsOf } from '../fixtures/engine/problems.ts';

const schema = z.object({ id: z.string(), n: z.int() });
const rows = [
  { id: 'a', n: 1 },
  { id: 'a', n: 1 },
];
const side = { schema: z.object({ n: z.int(), id: z.string() }), rows: [{ n: 3, id: 'c' }] };

test('gives the rows of both, columns by name', async () => {
  const applied = await apply(rows, { schema, side }, (other) => [union({ with: other })]);
  expect([...applied.rows].sort((a, b) => a.n - b.n)).toEqual([...rows, { id: 'c', n: 3 }]);
  expect(applied.count).toMatchObject({ rowsIn: 3, rowsOut: 3 });
});

test('fills columns that only some have with NULL where it is told to', async () => {
  const wide = { schema: z.object({ id: z.string(), size: z.number() }), rows: [{ id: 'c', size: 1.5 }] };
  const applied = await apply(rows.slice(0, 1), { schema, side: wide }, (other) => [
    union({ with: other, missing: 'null', origin: 'whence' }),
  ]);
  expect(applied.rows).toEqual([
    { id: 'a', n: 1, size: null, whence: 'main' },
    { id: 'c', n: null, size: 1.5, whence: 'side' },
  ]);
  expect(applied.types).toEqual({ id: 'VARCHAR', n: 'BIGINT', size: 'DOUBLE', whence: 'VARCHAR' });
});

test('takes several datasets, the same one among them; equal rows of one source are told apart', async () => {
  const applied = await apply(rows, { schema, side }, (other) => [
    union({ with: [other, other.pipe(filter('n > 100'))], origin: 'whence' }),
    deduplicate({ key: ['id', 'whence'] }),
  ]);
  expect(applied.rows.map(({ id, whence }) => `${id} ${whence}`).sort()).toEqual(['a main', 'c side']);
});

test('sends rows of different stages to one', async () => {
  const main = from(s3({ prefix: 'landing/main/', format: 'ndjson' }), schema);
  const once = main.pipe(deduplicate({ key: ['id'] }));
  const both = once.pipe(union({ with: main }), select('id'));
  const { plan } = await compiled(pipeline('both', { outputs: [both.to(lake({ table: 'x' }))] }));
  expect(plan.stages.map(({ id, reads, exchanges }) => [id, reads, exchanges.map(({ spread }) => spread)])).toEqual([
    ['process', undefined, [undefined, 'all']],
    ['reduce-1', ['to-reduce-1'], ['all']],
    ['reduce-2', ['to-reduce-2', 'to-reduce-2-2'], []],
  ]);
});

describe('refuses', () => {
  test.each([
    ['a column that one lacks', {}, { problem: expect.stringContaining('has no column "name"') }],
    [
      'the name of a column for the origin',
      { missing: 'null', origin: 'ID' },
      { problem: 'there are two columns "ID"' },
    ],
    ['an unknown option', { missing: 'null', distinct: true }, { problem: 'there is no option "distinct"' }],
  ])('%s', async (_, options, expected) => {
    expect(await mistakesIn((other) => union({ with: other, ...(options as object) }))).toMatchObject([expected]);
  });

  test('types of which neither holds the other, and what is no dataset', async () => {
    const main = from(s3({ prefix: 'landing/main/', format: 'ndjson' }), schema);
    const other = from(s3({ key: 'reference/x.csv' }), z.object({ id: z.int(), n: z.number() }));
    const problems = (given: unknown) =>
      problemsOf(() => pipeline('mixed', { outputs: [main.pipe(union({ with: given })).to(lake({ table: 'x' }))] }));
    expect(await problems(other)).toMatchObject([
      { problem: expect.stringContaining('"id" is VARCHAR in one dataset') },
    ]);
    expect(await problems([other.pipe(select('n')), 7])).toMatchObject([
      { problem: 'the second input is not a dataset' },
    ]);
  });
});
