import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { JobOptions, JobResult } from './job.ts';

/** The standard job as one DuckDB script, as a person who knows DuckDB well would write it. */
export async function byHand({
  orders,
  products,
  folder,
  format,
  threads,
  memoryMegabytes,
}: JobOptions): Promise<JobResult> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: `${Math.floor(memoryMegabytes * 0.4)}MB`,
    temp_directory: join(folder, 'spill'),
    preserve_insertion_order: 'false',
  });
  const connection = await instance.connect();
  const run = (sql: string) => connection.run(sql);
  const types = {
    order_id: 'BIGINT',
    customer: 'BIGINT',
    email: 'VARCHAR',
    product: 'VARCHAR',
    quantity: 'BIGINT',
    unit_price: 'DOUBLE',
    discount: 'DOUBLE',
    country: 'VARCHAR',
    channel: 'VARCHAR',
    status: 'VARCHAR',
    placed: 'TIMESTAMP',
    updated: 'TIMESTAMP',
  };
  const read =
    format === 'csv'
      ? `read_csv('${orders}', all_varchar = true, header = true, store_rejects = true)`
      : `read_json('${orders}', format = 'newline_delimited', columns = {${Object.keys(types)
          .map((name) => `${name}: 'VARCHAR'`)
          .join(', ')}}, ignore_errors = true)`;
  const bad = Object.entries(types).map(
    ([name, type]) =>
      `CASE WHEN ${name} IS NULL THEN '${name} is missing' WHEN TRY_CAST(${name} AS ${type}) IS NULL THEN '${name} is not ${type}' END`,
  );
  const rules = [
    "CASE WHEN TRY_CAST(quantity AS BIGINT) < 1 THEN 'quantity is below 1' END",
    "CASE WHEN TRY_CAST(discount AS DOUBLE) NOT BETWEEN 0 AND 1 THEN 'discount out of range' END",
    "CASE WHEN length(country) <> 2 THEN 'country' END",
    "CASE WHEN TRY_CAST(unit_price AS DOUBLE) < 0 THEN 'price' END",
  ];
  await run(`CREATE TABLE products AS SELECT sku, category, supplier FROM read_csv('${products}')`);
  await run(
    `CREATE TABLE verdict AS SELECT ${Object.entries(types)
      .map(([name, type]) => `TRY_CAST(${name} AS ${type}) AS ${name}`)
      .join(', ')}, concat_ws('; ', ${[...bad, ...rules].join(', ')}) AS reason FROM ${read}`,
  );
  await run(
    `COPY (SELECT * FROM verdict WHERE reason <> '') TO '${join(folder, 'rejects.parquet')}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  await run(
    "CREATE VIEW good AS SELECT * EXCLUDE (reason), rowid AS n FROM verdict WHERE reason = '' AND status <> 'cancelled'",
  );
  await run(
    'CREATE TABLE losers AS SELECT good.n FROM good JOIN (SELECT order_id, arg_max(n, (updated, n)) AS keep FROM good GROUP BY order_id HAVING count(*) > 1) twice USING (order_id) WHERE good.n <> twice.keep',
  );
  await run(
    'CREATE VIEW clean AS SELECT good.* EXCLUDE (n), placed::DATE AS day, quantity * unit_price * (1 - discount) AS revenue, category, supplier FROM good ANTI JOIN losers USING (n) LEFT JOIN products ON product = sku',
  );
  await run(
    `COPY (SELECT * FROM clean) TO '${join(folder, 'orders')}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (day), WRITE_PARTITION_COLUMNS true, OVERWRITE true)`,
  );
  await run(
    `COPY (SELECT day, country, count(*) AS orders, sum(quantity) AS quantity FROM clean GROUP BY day, country) TO '${join(folder, 'sales.parquet')}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  await run(
    'SELECT count(*), count(category), count(DISTINCT order_id), count(*) FILTER (discount BETWEEN 0 AND 0.5) FROM clean',
  );
  connection.closeSync();
  instance.closeSync();
  return { ordersFiles: join(folder, 'orders/**/*.parquet'), salesFiles: join(folder, 'sales.parquet') };
}
