import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Contender, type JobOptions, orderTypes } from './job.ts';
import { columns } from './orders.ts';
import { peer } from './peers.ts';

const types = { BIGINT: 'Int64', DOUBLE: 'Float64', TIMESTAMP: 'DateTime64', VARCHAR: 'String' } as const;

/** The standard job in ClickHouse SQL, in this process. */
export const chdb: Contender = async (options) => {
  const { Session } = await peer('chdb');
  const { folder, threads } = options;
  for (const name of ['database', 'orders']) mkdirSync(join(folder, name));
  const session = new Session(join(folder, 'database'));
  const settings = {
    max_threads: threads,
    max_insert_threads: threads,
    input_format_csv_allow_variable_number_of_columns: 1,
    input_format_csv_empty_as_default: 0,
    input_format_csv_detect_header: 0,
    precise_float_parsing: 1,
    output_format_parquet_compression_method: "'zstd'",
    output_format_parquet_string_as_string: 1,
    session_timezone: "'UTC'",
    max_partitions_per_insert_block: 1000,
  };
  for (const [name, value] of Object.entries(settings)) session.query(`SET ${name} = ${value}`);
  return async () => {
    for (const statement of script(options)) session.query(statement);
    return {
      orders: join(folder, 'orders/*.parquet'),
      sales: join(folder, 'sales.parquet'),
      rejects: `SELECT record, "column" FROM '${join(folder, 'rejects.parquet')}'`,
    };
  };
};

function script(options: JobOptions): string[] {
  const { products, folder } = options;
  const names = Object.keys(orderTypes).join(', ');
  const parquet = (name: string) => `INSERT INTO FUNCTION file('${join(folder, name)}', 'Parquet')`;
  const clean = `SELECT ${names}, toDate(placed) AS day, quantity * unit_price * (1 - discount) AS revenue, category, supplier FROM latest LEFT JOIN products ON product = sku`;
  return [
    'CREATE DATABASE job ENGINE = Atomic',
    'USE job',
    `CREATE TABLE products ENGINE = Memory AS SELECT sku, category, supplier FROM file('${products}', 'CSVWithNames', 'sku String, category String, supplier String')`,
    `CREATE TABLE verdict ENGINE = Memory AS SELECT * FROM (${judged(options)})`,
    `${parquet('rejects.parquet')} SELECT record, splitByChar(' ', reason)[1] AS column, reason, raw FROM verdict WHERE reason != ''`,
    `CREATE TABLE latest ENGINE = Memory AS SELECT ${names} FROM (SELECT * EXCEPT (reason, raw) FROM verdict WHERE reason = '' AND status != 'cancelled') good ` +
      "LEFT ANTI JOIN (SELECT arrayJoin(arrayFilter(x -> x != last, all)) AS loser FROM (SELECT groupArray(record) AS all, argMax(record, (updated, record)) AS last FROM verdict WHERE reason = '' AND status != 'cancelled' GROUP BY order_id HAVING count() > 1)) losers ON good.record = losers.loser",
    `INSERT INTO FUNCTION file('${join(folder, 'orders/{_partition_id}.parquet')}', 'Parquet') PARTITION BY day ${clean}`,
    `${parquet('sales.parquet')} SELECT day, country, count() AS orders, sum(quantity) AS quantity FROM (${clean}) GROUP BY day, country`,
    `SELECT count(), count(category), uniqExact(order_id), countIf(discount BETWEEN 0 AND 0.5) FROM file('${join(folder, 'orders/*.parquet')}', 'Parquet')`,
  ];
}

function judged({ orders, format }: JobOptions): string {
  const converted = (name: string, type: keyof typeof types) => {
    if (type === 'VARCHAR') return name;
    return type === 'TIMESTAMP' ? `parseDateTime64BestEffortOrNull(${name}, 6)` : `to${types[type]}OrNull(${name})`;
  };
  const typed = Object.entries(orderTypes).map(
    ([name, type]) => `assumeNotNull(${converted(`given.${name}`, type)}) AS ${name}`,
  );
  const wrong = Object.entries(orderTypes).map(
    ([name, type]) =>
      `ifNull(given.${name}, '') = '', '${name} is missing', ${converted(`given.${name}`, type)} IS NULL, '${name} is not ${type}'`,
  );
  const rules =
    "toInt64OrNull(given.quantity) < 1, 'quantity is below 1', toFloat64OrNull(given.unit_price) < 0, 'unit_price is below 0', toFloat64OrNull(given.discount) NOT BETWEEN 0 AND 1, 'discount is out of range', length(given.country) != 2, 'country is not a code'";
  const unreadable = format === 'csv' ? "given.note IS NULL, 'record is cut short'" : "NOT valid, 'record is not JSON'";
  const reason = `multiIf(${unreadable}, ${wrong.join(', ')}, ${rules}, '')`;
  const all = columns.map((name) => `${name} Nullable(String)`).join(', ');
  const raw =
    format === 'csv'
      ? `concatWithSeparator(',', ${columns.map((name) => `ifNull(given.${name}, '')`).join(', ')})`
      : 'line';
  const source =
    format === 'csv'
      ? `SELECT *, _row_number AS record FROM file('${orders}', 'CSV', '${all}') WHERE record > 0`
      : `SELECT line, record, valid, ${columns.map((name) => `tupleElement(parsed, '${name}') AS ${name}`).join(', ')} FROM (SELECT line, _row_number + 1 AS record, isValidJSON(line) AS valid, JSONExtract(line, 'Tuple(${all})') AS parsed FROM file('${orders}', 'LineAsString', 'line String'))`;
  return `SELECT ${typed.join(', ')}, ${reason} AS reason, record, if(reason != '', ${raw}, '') AS raw FROM (${source}) given`;
}
