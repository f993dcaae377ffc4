import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Order } from '../../lib/component/shape.ts';
import { Session } from '../../lib/engine/session.ts';
import { writeParquet } from '../../lib/engine/write.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { scratch } from '../fixtures/engine/scratch.ts';

const columns = Array.from({ length: 10 }, (_, number) => `'text ' || ((i + ${number}) % 100) AS c${number}`);
const written = 'SELECT p, count(*) AS rows, sum(i) AS "sum"';

/** Writes rows in partitions of `p` in a function that has room for a tenth of them at once. */
async function partitioned(p: string, { rows, ...more }: { readonly rows: number; readonly order?: readonly Order[] }) {
  const folder = scratch();
  const session = await Session.open({ folders: [folder], memoryMegabytes: 512, threads: 2, keepsOrder: false });
  const select = `SELECT i, ${p} AS p, ${columns.join(', ')} FROM range(${rows}) r(i)`;
  try {
    const request = { session, select, of: 'things', kind: 'table' as const, name: 'chunk-0', rows, ...more };
    const files = await writeParquet({ ...request, folder: join(folder, 'files'), partitionBy: ['p'] });
    const paths = files.map(({ path }) => `'${path}'`).join(', ');
    return {
      files,
      held: await query(`${written} FROM read_parquet([${paths}], hive_partitioning = false) GROUP BY p ORDER BY p`),
      asked: await query(`${written} FROM (${select}) GROUP BY p ORDER BY p`),
    };
  } finally {
    session.close();
  }
}

test('more partitions than DuckDB keeps open are written, each into one file, in the order that was asked for', async () => {
  const { files, held, asked } = await partitioned('i % 600', {
    rows: 3000,
    order: [{ column: 'i', descending: true }],
  });
  expect(files).toHaveLength(600);
  expect(held).toEqual(asked);
  for (const { path, name, rows, partitionValues } of files.slice(0, 10)) {
    expect(name).toBe(`p=${partitionValues!.p}/chunk-0.parquet`);
    const numbers = (await query(`SELECT i FROM read_parquet('${path}', hive_partitioning = false)`)).map(({ i }) =>
      Number(i),
    );
    expect(numbers).toHaveLength(rows);
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
  }
});

test('more than memory has room for are written, too, where the first rows do not tell of them', async () => {
  const p = 'CASE WHEN i < 50000 THEN -1 ELSE i % 1000 END';
  const { files, held, asked } = await partitioned(p, { rows: 60_000 });
  expect(files).toHaveLength(1001);
  expect(new Set(files.map(({ name }) => name)).size).toBe(1001);
  expect(held).toEqual(asked);
});
