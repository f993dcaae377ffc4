import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import { from, lake, pipeline, s3 } from '../../lib/index.ts';
import { problemsOf } from '../fixtures/engine/problems.ts';

const source = from(
  s3({ key: 'landing/x.csv' }),
  z.object({ a: z.int(), day: z.iso.date(), place: z.object({ road: z.string() }) }),
);

const compiled = (options: unknown) => compile(pipeline('writes', { outputs: [source.to(lake(options as never))] }));

function problems(options: unknown) {
  return problemsOf(() => pipeline('writes', { outputs: [source.to(lake(options as never))] }));
}

test('appends to a table without partitions, unless it is told otherwise', () => {
  const { nodes } = pipeline('writes', { outputs: [source.to(lake({ table: 'x' }))] });
  expect(nodes.at(-1)!.options).toEqual({ table: 'x', partitionBy: [], mode: 'append' });
});

test('takes partitions and a mode', async () => {
  expect(await problems({ table: 'x', partitionBy: ['day', 'a'], mode: 'replace' })).toEqual([]);
});

test('takes transforms of columns, which are no columns of the table', async () => {
  const partitionBy = ['month(day)', 'bucket(16, a)', 'truncate(10, a)', 'a'];
  expect(await problems({ table: 'x', partitionBy })).toEqual([]);
  const [output] = (await compiled({ table: 'x', partitionBy })).nodes.filter(({ kind }) => kind === 'output');
  expect(output!.columns.map(({ name }) => name)).toEqual(['a', 'day', 'place']);
});

describe('refuses', () => {
  test.each<[string, unknown, object]>([
    ['a table that no engine can name', { table: 'My Table' }, { received: 'My Table' }],
    ['a table outside of its folder', { table: '../x' }, { part: 'output lake / table' }],
    ['no table', {}, { part: 'output lake / table' }],
    [
      'a partition that is no column',
      { table: 'x', partitionBy: ['dayy'] },
      { part: 'table.x / partitionBy / 0', change: 'did you mean "day"?' },
    ],
    [
      'a partition of structures, which name no folder',
      { table: 'x', partitionBy: ['day', 'place'] },
      { part: 'table.x / partitionBy / 1', allowed: expect.stringContaining('plain values') },
    ],
    [
      'a partition of bytes',
      { table: 'x', partitionBy: [{ bytes: "encode('x')" }] },
      { received: 'BLOB', allowed: expect.stringContaining('plain values') },
    ],
    [
      'a partition that makes a list',
      { table: 'x', partitionBy: [{ both: '[a, a]' }] },
      { received: 'BIGINT[]', allowed: expect.stringContaining('plain values') },
    ],
    [
      'a renamed column that is none',
      { table: 'x', renamed: { dayy: 'd' } },
      { part: 'table.x / renamed / dayy', received: 'dayy', change: 'did you mean "day"?' },
    ],
    [
      'a member of an object that is renamed',
      { table: 'x', renamed: { 'place.street': 'place.road' } },
      { part: 'table.x / renamed / place.street', change: expect.stringContaining('make a column of each member') },
    ],
    ['a column that gets its own name', { table: 'x', renamed: { a: 'a' } }, { part: 'output lake / renamed' }],
    ['one column under two names', { table: 'x', renamed: { a: 'b', day: 'b' } }, { part: 'output lake / renamed' }],
    ['renaming nothing', { table: 'x', renamed: {} }, { part: 'output lake / renamed' }],
    ['one partition twice', { table: 'x', partitionBy: ['day', 'day'] }, { part: 'output lake / partitionBy' }],
    [
      'a transform of what is no column',
      { table: 'x', partitionBy: ['a', 'day(dayy)'] },
      { part: 'table.x / partitionBy / 1', change: 'did you mean "day"?' },
    ],
    [
      'a transform that the type of the column does not know',
      { table: 'x', partitionBy: ['hour(day)'] },
      { part: 'table.x / partitionBy / 0', received: 'DATE', allowed: /hour\(\)/ },
    ],
    [
      'the same transform twice',
      { table: 'x', partitionBy: ['day(day)', 'day( day )'] },
      { part: 'output lake / partitionBy' },
    ],
    [
      'a transform that there is not',
      { table: 'x', partitionBy: ['bucket(0, a)'] },
      { part: 'table.x / partitionBy / 0', received: 'bucket(0, a)' },
    ],
    ['an unknown mode', { table: 'x', mode: 'upsert' }, { part: 'output lake / mode', received: 'upsert' }],
    ['a merge without a key', { table: 'x', mode: 'merge' }, { part: 'output lake / key' }],
    ['a key without a merge', { table: 'x', key: ['a'] }, { part: 'output lake / key' }],
    ['a column that tells newer states without a merge', { table: 'x', by: 'day' }, { part: 'output lake / by' }],
    [
      'a key that is no column',
      { table: 'x', mode: 'merge', key: ['b'] },
      { part: 'table.x / key / 0', received: 'b' },
    ],
    [
      'newer states by what is no column',
      { table: 'x', mode: 'merge', key: ['a'], by: 'dax' },
      { part: 'table.x / by', change: 'did you mean "day"?' },
    ],
    [
      'partitions that are to be replaced and are none',
      { table: 'x', mode: 'replacePartitions' },
      { part: 'output lake / mode' },
    ],
    ['an unknown option', { table: 'x', partitions: ['day'] }, { change: 'did you mean "partitionBy"?' }],
  ])('%s', async (_, options, expected) => {
    expect((await problems(options))[0]).toMatchObject(expected);
  });
});
