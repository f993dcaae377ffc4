import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type Contender, type JobOptions, orderTypes } from './job.ts';
import { columns } from './orders.ts';

/**
 * The standard job as one DuckDB script, as a person who knows DuckDB well would write it: everything is typed in the
 * one pass that reads it, and only what is rejected keeps its raw text.
 */
export const byHand: Contender = async (options) => {
  const { folder, threads, memoryMegabytes } = options;
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: `${Math.floor(memoryMegabytes * 0.4)}MB`,
    temp_directory: join(folder, 'spill'),
  });
  const connection = await instance.connect();
  return async () => {
    for (const statement of script(options)) await connection.run(statement);
    // No order may be left to ask.
    if (readdirSync(join(folder, 'orders')).length > 0) await connection.run(quality(folder));
    connection.closeSync();
    instance.closeSync();
    return {
      orders: join(folder, 'orders/**/*.parquet'),
      sales: join(folder, 'sales.parquet'),
      rejects: { files: join(folder, 'rejects.parquet'), record: 'record', column: '"column"' },
    };
  };
};

function script(options: JobOptions): string[] {
  const { products, folder } = options;
  const names = Object.keys(orderTypes).join(', ');
  const parquet = 'FORMAT parquet, COMPRESSION zstd';
  const rejected = options.format === 'ndjson' ? 'verdict JOIN lines ON verdict.rowid = n' : 'verdict';
  return [
    `CREATE TABLE products AS SELECT sku, category, supplier FROM read_csv('${products}')`,
    `CREATE TABLE verdict AS SELECT ${names}, reason, CASE WHEN reason <> '' THEN raw END AS raw FROM (${judged(options)})`,
    ...(options.format === 'ndjson' ? [rawLines(options)] : []),
    `COPY (SELECT verdict.rowid + 1 AS record, split_part(reason, ' ', 1) AS "column", reason, ${options.format === 'ndjson' ? 'line' : 'raw'} AS raw FROM ${rejected} WHERE reason <> '') TO '${join(folder, 'rejects.parquet')}' (${parquet})`,
    "CREATE VIEW good AS SELECT * EXCLUDE (reason, raw), rowid AS n FROM verdict WHERE reason = '' AND status <> 'cancelled'",
    'CREATE TABLE losers AS SELECT good.n FROM good JOIN (SELECT order_id, arg_max(n, (updated, n)) AS keep FROM good GROUP BY order_id HAVING count(*) > 1) twice USING (order_id) WHERE good.n <> twice.keep',
    'CREATE VIEW clean AS SELECT good.* EXCLUDE (n), placed::DATE AS day, quantity * unit_price * (1 - discount) AS revenue, category, supplier FROM good ANTI JOIN losers USING (n) LEFT JOIN products ON product = sku',
    `COPY clean TO '${join(folder, 'orders')}' (${parquet}, PARTITION_BY (day), WRITE_PARTITION_COLUMNS true, OVERWRITE true)`,
    `COPY (SELECT day, country, count(*) AS orders, sum(quantity) AS quantity FROM clean GROUP BY day, country) TO '${join(folder, 'sales.parquet')}' (${parquet})`,
  ];
}

function quality(folder: string): string {
  return `COPY (SELECT count(*), count(category), count(DISTINCT order_id), count(*) FILTER (discount BETWEEN 0 AND 0.5) FROM '${join(folder, 'orders/**/*.parquet')}') TO '${join(folder, 'quality.json')}'`;
}

/** Rows with typed columns, the reasons against each, and its raw text. */
function judged({ orders, format }: JobOptions): string {
  const typed = Object.entries(orderTypes).map(([name, type]) =>
    format === 'parquet' || type === 'VARCHAR' ? name : `TRY_CAST(${name} AS ${type}) AS ${name}`,
  );
  const wrong = Object.entries(orderTypes).map(
    ([name, type]) =>
      `CASE WHEN given.${name} IS NULL THEN '${name} is missing' WHEN TRY_CAST(given.${name} AS ${type}) IS NULL THEN '${name} is not ${type}' END`,
  );
  const rules = [
    "CASE WHEN TRY_CAST(quantity AS BIGINT) < 1 THEN 'quantity is below 1' END",
    "CASE WHEN TRY_CAST(unit_price AS DOUBLE) < 0 THEN 'unit_price is below 0' END",
    "CASE WHEN TRY_CAST(discount AS DOUBLE) NOT BETWEEN 0 AND 1 THEN 'discount is out of range' END",
    "CASE WHEN length(country) <> 2 THEN 'country is not a code' END",
  ];
  const all = columns.map((name) => `${name}: 'VARCHAR'`).join(', ');
  switch (format) {
    case 'csv':
      return `SELECT ${typed.join(', ')}, CASE WHEN note IS NULL THEN 'record is cut short' ELSE concat_ws('; ', ${[...wrong, ...rules].join(', ')}) END AS reason, concat_ws(',', ${columns.join(', ')}) AS raw FROM read_csv('${orders}', all_varchar = true, header = true, null_padding = true) given`;
    case 'ndjson':
      return `SELECT ${typed.join(', ')}, CASE WHEN ${columns.map((name) => `${name} IS NULL`).join(' AND ')} THEN 'record is not JSON' ELSE concat_ws('; ', ${[...wrong, ...rules].join(', ')}) END AS reason, '' AS raw FROM read_json('${orders}', format = 'newline_delimited', columns = {${all}}, ignore_errors = true) given`;
    case 'parquet':
      return `SELECT ${typed.join(', ')}, concat_ws('; ', ${[...wrong, ...rules].join(', ')}) AS reason, to_json(given)::VARCHAR AS raw FROM read_parquet('${orders}') given`;
  }
}

/** What DuckDB's reader could not read it does not keep: the lines are read again, for those records alone. */
function rawLines({ orders }: JobOptions): string {
  const lines = `read_csv('${orders}', columns = {line: 'VARCHAR'}, auto_detect = false, header = false, delim = '\x01', quote = '', escape = '')`;
  return `CREATE TABLE lines AS SELECT n, line FROM (SELECT row_number() OVER () - 1 AS n, line FROM ${lines}) WHERE n IN (SELECT rowid FROM verdict WHERE reason <> '')`;
}
