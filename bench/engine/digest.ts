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
  const ask = async (columns: Readonly<Record<string, string>>, from: string) => {
    // The last digits of a product depend on the order of its factors.
    const values = Object.entries(columns).map(([name, type]) =>
      type === 'DOUBLE' ? `round(${name}::DOUBLE, 6)` : `"${name}"::${type}`,
    );
    const reader = await connection.runAndReadAll(
      `SELECT count(*)::VARCHAR || ' rows, ' || coalesce(sum(hash(${values.join(', ')})::HUGEINT), 0)::VARCHAR AS digest FROM (${from})`,
    );
    return String(reader.getRowObjectsJson()[0]!.digest);
  };
  const files = (glob: string) => `SELECT * FROM read_parquet('${glob}', hive_partitioning = false)`;
  const derived = { day: 'DATE', revenue: 'DOUBLE', category: 'VARCHAR', supplier: 'VARCHAR' };
  const digest = {
    orders: await ask({ ...orderTypes, ...derived }, files(orders)),
    sales: await ask({ day: 'DATE', country: 'VARCHAR', orders: 'BIGINT', quantity: 'BIGINT' }, files(sales)),
    rejects: await ask({ record: 'BIGINT', column: 'VARCHAR' }, rejects),
  };
  connection.closeSync();
  instance.closeSync();
  return digest;
}
