import { expect, test } from 'vitest';
import { publishedTables } from '../../lib/cli/run-ledger.ts';

const run = (name: string, table: string) => ({ run: name, publish: { tables: { 'table.x': { table } } } }) as never;

/** A table that was rolled back between its two runs, which the catalog counts and the log does not. */
const platform = {
  tables: { commitOf: async (table: string, of: string) => ({ table, run: of, version: of === 'first' ? 1 : 3 }) },
  tableLog: async () => [{ run: 'second', version: 2 }],
} as never;

test('a table has the version by which its log and a rollback know what the run made', async () => {
  expect(await publishedTables(platform, run('second', 'sales'))).toMatchObject([{ version: 2 }]);
});

test('a version that was forgotten is not named', async () => {
  const [table] = await publishedTables(platform, run('first', 'sales'));
  expect(table).not.toHaveProperty('version');
});

test('an export has that of its manifests', async () => {
  expect(await publishedTables(platform, run('second', 'exports/sales'))).toMatchObject([{ version: 3 }]);
});
