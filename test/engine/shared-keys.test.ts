import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Session } from '../../lib/engine/session.ts';
import { sharedKeys } from '../../lib/engine/steps/shared-keys.ts';
import { openEachDatabase } from '../fixtures/engine/kept-databases.ts';

openEachDatabase();
let session: Session;
beforeAll(async () => {
  session = await Session.open({ folders: [], memoryMegabytes: 512, threads: 2 });
});
afterAll(() => session.close());

/** How many keys of a column of numbers `i` occur twice, by the statement itself and by what finds them, and in how many passes. */
async function twice(key: string, type: string, rows: number) {
  const [from, shared] = [session.newName('given'), session.newName('shared')];
  await session.run(`CREATE TABLE ${from} AS SELECT (${key})::${type} AS k FROM range(${rows}) numbers(i)`);
  const counting = vi.spyOn(session.counting, 'run');
  const columns = [{ name: 'k', type, nullable: true }];
  const input = { node: from, name: from, columns, rows };
  await sharedKeys({ session, input, shape: { form: 'first', key: ['k'], order: [] } }, shared);
  const passes = counting.mock.calls.length;
  counting.mockRestore();
  const all = `SELECT hash(k) AS key_hash FROM ${from} GROUP BY k HAVING count(*) > 1`;
  const [expected, found, strangers] = await session.counts(
    `SELECT (SELECT count(*) FROM (${all})), (SELECT count(*) FROM ${shared}), (SELECT count(*) FROM ${shared} WHERE key_hash NOT IN (${all}))`,
  );
  expect({ found, strangers }).toEqual({ found: expected, strangers: 0 });
  return { keys: expected, passes };
}

describe('finds all keys that occur twice', () => {
  test.each([
    ['of integers close together', 'i // 2', 'BIGINT', 40_000, { keys: 20_000, passes: 1 }],
    ['of integers below zero', '-(i % 900)', 'INTEGER', 40_000, { keys: 900, passes: 1 }],
    ['NULL being one of them', 'CASE WHEN i % 10 > 0 THEN i END', 'BIGINT', 40_000, { keys: 1, passes: 1 }],
    ['one NULL being none', 'CASE WHEN i > 0 THEN i END', 'BIGINT', 40_000, { keys: 0, passes: 1 }],
    ['of nothing but NULL', 'NULL', 'BIGINT', 40_000, { keys: 1, passes: 0 }],
    ['of nothing at all', 'i', 'BIGINT', 0, { keys: 0, passes: 0 }],
    ['of few integers', 'i // 2', 'BIGINT', 1000, { keys: 500, passes: 0 }],
    ['of integers too far apart', '(i // 2) * 50', 'BIGINT', 40_000, { keys: 20_000, passes: 0 }],
    [
      'at both ends of a type',
      'CASE WHEN i % 2 = 0 THEN -9223372036854775808 ELSE 9223372036854775807 END',
      'BIGINT',
      40_000,
      { keys: 2, passes: 0 },
    ],
    ['without a sign', '(i // 2)::UBIGINT + 18446744073709531000', 'UBIGINT', 40_000, { keys: 20_000, passes: 1 }],
    ['of a byte', 'i % 200', 'UTINYINT', 40_000, { keys: 200, passes: 1 }],
    ['of texts', 'i // 2', 'VARCHAR', 40_000, { keys: 20_000, passes: 0 }],
    ['in several passes, twins beside a seam', '(i // 2) * 3', 'BIGINT', 800_000, { keys: 400_000, passes: 3 }],
  ])('%s', async (_, key, type, rows, expected) => {
    expect(await twice(key, type, rows)).toEqual(expected);
  });
});
