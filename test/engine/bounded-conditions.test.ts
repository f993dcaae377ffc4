import { expect, test } from 'vitest';
import { type PartitionedTable, prunedFiles } from '../../lib/engine/index.ts';
import { scratch } from '../fixtures/engine/scratch.ts';

const bounds = (lower: string, upper: string) => ({ lower, upper, nulls: false });

const visits: PartitionedTable = {
  name: 'visits',
  columns: [
    { name: 'seen', type: 'TIMESTAMP', nullable: true },
    { name: 'User', type: 'BIGINT', nullable: true },
    { name: 'name', type: 'VARCHAR', nullable: true },
    { name: 'share', type: 'DOUBLE', nullable: true },
  ],
  partitionBy: [],
  files: [
    {
      partitionValues: {},
      bounds: {
        seen: bounds('2026-01-01 00:00:00', '2026-01-01 23:59:59'),
        User: bounds('1', '9'),
        name: bounds('10', '9'),
      },
    },
    {
      partitionValues: {},
      bounds: {
        seen: bounds('2026-01-02 00:00:00', '2026-01-02 23:59:59'),
        User: bounds('10', '20'),
        name: bounds('a', 'c'),
      },
    },
    // Nothing but NULLs, and nothing known.
    { partitionValues: {}, bounds: { seen: { nulls: true } } },
  ],
};

const pruned = (where: string) => prunedFiles(`SELECT 1 FROM visits WHERE ${where}`, visits, scratch());

test.each([
  ["seen >= '2026-01-02'", [1]],
  ["seen = TIMESTAMP '2026-01-01 12:00:00'", [0]],
  ["seen BETWEEN DATE '2026-01-02' AND DATE '2026-01-03' AND user < 11", [1]],
  ['"user" > 9', [1, 2]],
  ['visits.user = 9.5', [2]],
  ["name = 'bb'", [1, 2]],
  ["seen < '2025-01-01'", []],
  ["seen > '2026-01-01' AND length(name) > 1", [0, 1]],
])('keeps the files whose bounds allow for such rows: %s', async (where, positions) => {
  expect(await pruned(where)).toEqual(positions);
});

test.each([
  ['a text against a number, which goes by another order', 'name > 5'],
  ['a number against a text', 'user::VARCHAR > 5'],
  ['a type whose greatest value no bound tells', 'share > 2'],
  ['an inequality', 'user <> 3'],
  ['two columns', 'user > share'],
  ['a choice', "user > 10 OR seen > '2026-01-02'"],
  ['no value', 'user = NULL'],
])('keeps all files for %s', async (_, where) => {
  expect((await pruned(where)) ?? [0, 1, 2]).toEqual([0, 1, 2]);
});
