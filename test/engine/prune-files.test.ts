import { expect, test } from 'vitest';
import { type PartitionedTable, prunedFiles, queryTables } from '../../lib/engine/index.ts';
import { scratch } from '../fixtures/engine/scratch.ts';

const sales: PartitionedTable = {
  name: 'sales',
  columns: [
    { name: 'month', type: 'DATE', nullable: true },
    { name: 'shop', type: 'VARCHAR', nullable: true },
    { name: 'amount', type: 'BIGINT', nullable: false },
  ],
  partitionBy: ['month', 'shop'],
  files: [
    { partitionValues: { month: '2026-01-01', shop: 'Rome' } },
    { partitionValues: { month: '2026-02-01', shop: "it's" } },
    { partitionValues: { month: '2026-03-01', shop: null } },
    { partitionValues: { month: null, shop: 'Rome' } },
  ],
};

const pruned = (sql: string) => prunedFiles(sql, sales, scratch());

test.each([
  ["SELECT * FROM sales WHERE month >= '2026-02-01'", [1, 2]],
  ["SELECT sum(amount) FROM sales s WHERE s.month = DATE '2026-01-01' AND amount > 5 GROUP BY shop LIMIT 1", [0]],
  ["SELECT 1 FROM Sales WHERE Month BETWEEN '2026-01-01' AND '2026-02-28' AND shop IN ('Rome', 'Oslo')", [0]],
  ["SELECT 1 FROM sales WHERE shop = 'it''s'", [1]],
  ['SELECT 1 FROM sales WHERE shop IS NULL', [2]],
  ['SELECT 1 FROM sales WHERE month IS NULL OR year(month) = 2027', [3]],
  ["SELECT 1 FROM sales WHERE upper(shop) = 'ROME' AND NOT month > '2026-01-01'", [0]],
  ["SELECT 1 FROM sales WHERE month > '2030-01-01'", []],
  ["SELECT 1 FROM sales WHERE month >= '2026-03-01' AND amount < 1e400", [2]],
])('keeps the files that can have rows: %s', async (sql, positions) => {
  expect(await pruned(sql)).toEqual(positions);
});

test.each([
  ['no condition', 'SELECT * FROM sales'],
  ['a condition on another column', 'SELECT * FROM sales WHERE amount > 1'],
  ['a choice between columns', "SELECT * FROM sales WHERE month > '2026-02-01' OR amount > 1"],
  ['chance', "SELECT * FROM sales WHERE month > DATE '2026-01-01' + (random() * 100)::INTEGER"],
  ['a join', "SELECT * FROM sales JOIN others USING (month) WHERE month > '2026-02-01'"],
  ['a query inside', 'SELECT * FROM sales WHERE month > (SELECT min(month) FROM sales)'],
  ['a query around', "WITH x AS (SELECT * FROM sales) SELECT * FROM x WHERE month > '2026-02-01'"],
  ['another table', "SELECT * FROM others WHERE month > '2026-02-01'"],
  ['a sample', "SELECT * FROM sales TABLESAMPLE 2 ROWS WHERE month > '2026-02-01'"],
  ['other names', "SELECT * FROM sales s(shop, month) WHERE month > 'a'"],
  ['two statements', "SELECT 1 FROM sales WHERE month > '2026-02-01'; SELECT 2"],
  ['no query', 'SELEC'],
  ['a number without an end', "SELECT 1 FROM sales WHERE CASE WHEN month = '2026-01-01' THEN -1e400 ELSE 1 END < 0"],
])('says nothing where it cannot know: %s', async (_, sql) => {
  expect(await pruned(sql)).toBeUndefined();
});

test('tells integers apart that are one to a double', async () => {
  const wide: PartitionedTable = {
    name: 'wide',
    columns: [{ name: 'id', type: 'BIGINT', nullable: false }],
    partitionBy: ['id'],
    files: ['9007199254740992', '9007199254740993'].map((id) => ({ partitionValues: { id } })),
  };
  expect(await prunedFiles('SELECT 1 FROM wide WHERE id = 9007199254740993', wide, scratch())).toEqual([1]);
});

test('keeps files of a time when the table had other partitions', async () => {
  const grown = { ...sales, files: [...sales.files, { partitionValues: { month: '2026-01-01' } }] };
  expect(await prunedFiles("SELECT 1 FROM sales WHERE shop = 'Oslo'", grown, scratch())).toEqual([4]);
});

test('leaves it to the query to say what is wrong with a condition', async () => {
  expect(await pruned("SELECT 1 FROM sales WHERE month > 'no month'")).toBeUndefined();
});

test('a query may hold a number of more digits than a DOUBLE has', async () => {
  const { rows } = await queryTables('SELECT 1 AS one WHERE -1e400 < 0', [], scratch());
  expect(rows).toEqual([{ one: 1 }]);
});
