import { DuckDBInstance } from '@duckdb/node-api';
import { type JobResult, orderTypes } from './job.ts';

/** What contenders must agree on: the rows of both tables and of the rejects, in any order. */
export interface Digest {
  readonly orders: string;
  readonly sales: string;
  readonly rejects: string;
}

/** Reads back what a contender wrote, in the types that it should have. */
export async function digestOf({ orders, sales, rejects }: JobResult): Promise<Digest> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB' });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  const ask = async (columns: Readonly<Record<string, string>>, glob: string, from: string) => {
    if ((await rowsOf(`FROM glob('${glob}') LIMIT 1`)).length === 0) return '0 rows, 0';
    // The last digits of a product depend on the order of its factors.
    const values = Object.entries(columns).map(([name, type]) =>
      type === 'DOUBLE' ? `round(${name}::DOUBLE, 6)` : `${name}::${type}`,
    );
    const [row] = await rowsOf(
      `SELECT count(*)::VARCHAR || ' rows, ' || coalesce(sum(hash(${values.join(', ')})::HUGEINT), 0)::VARCHAR AS digest FROM ${from}`,
    );
    return String(row!.digest);
  };
  const parquet = (glob: string) => `read_parquet('${glob}', hive_partitioning = false)`;
  const lines = (glob: string) => `read_ndjson('${glob}', columns = {record: 'BIGINT', "column": 'VARCHAR'})`;
  const derived = { day: 'DATE', revenue: 'DOUBLE', category: 'VARCHAR', supplier: 'VARCHAR' };
  const { files, record, column } = rejects;
  const digest = {
    orders: await ask({ ...orderTypes, ...derived }, orders, parquet(orders)),
    sales: await ask({ day: 'DATE', country: 'VARCHAR', orders: 'BIGINT', quantity: 'BIGINT' }, sales, parquet(sales)),
    rejects: await ask(
      { [record]: 'BIGINT', [column]: 'VARCHAR' },
      files,
      files.endsWith('.ndjson') ? lines(files) : parquet(files),
    ),
  };
  connection.closeSync();
  instance.closeSync();
  return digest;
}
