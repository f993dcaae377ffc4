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
      rejects: { files: join(folder, 'rejects.parquet'), record: 'record', column: '"column"' },
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
    `SELECT count(), count(category), uniqExact(order_id), countIf(discount BETWEEN 0 AND 0.5) FROM file('${join(folder, 'orders/*.parquet')}', 'Parquet', 'order_id Int64, category Nullable(String), discount Float64')`,
  ];
}

/** Rows with typed columns, the first reason against each, and its raw text. */
function judged(options: JobOptions): string {
  const typed = options.format === 'parquet';
  const converted = (name: string, type: keyof typeof types) => {
    if (typed || type === 'VARCHAR') return name;
    return type === 'TIMESTAMP' ? `parseDateTime64BestEffortOrNull(${name}, 6)` : `to${types[type]}OrNull(${name})`;
  };
  const entries = Object.entries(orderTypes);
  const value = (name: keyof typeof orderTypes) => converted(`given.${name}`, orderTypes[name]);
  const missing = (name: string, type: string) =>
    typed && type !== 'VARCHAR' ? `given.${name} IS NULL` : `ifNull(given.${name}, '') = ''`;
  const wrong = entries.map(
    ([name, type]) =>
      `${missing(name, type)}, '${name} is missing', ${converted(`given.${name}`, type)} IS NULL, '${name} is not ${type}'`,
  );
  const rules = `${value('quantity')} < 1, 'quantity is below 1', ${value('unit_price')} < 0, 'unit_price is below 0', ${value('discount')} NOT BETWEEN 0 AND 1, 'discount is out of range', length(given.country) != 2, 'country is not a code'`;
  const { rows, raw, unreadable } = given(options);
  const reason = `multiIf(${[...unreadable, ...wrong, rules].join(', ')}, '')`;
  const values = entries.map(([name, type]) => `assumeNotNull(${converted(`given.${name}`, type)}) AS ${name}`);
  return `SELECT ${values.join(', ')}, ${reason} AS reason, record, if(reason != '', ${raw}, '') AS raw FROM (${rows}) given`;
}

/** Its records with their numbers, the text of one, and how one is known that could not be read. */
function given({ orders, format }: JobOptions): { rows: string; raw: string; unreadable: string[] } {
  const all = columns.map((name) => `${name} Nullable(${format === 'parquet' ? stored(name) : 'String'})`).join(', ');
  const text = (name: string) => `ifNull(toString(given.${name}), '')`;
  const joined = `concatWithSeparator(',', ${columns.map(text).join(', ')})`;
  switch (format) {
    case 'csv':
      return {
        rows: `SELECT *, _row_number AS record FROM file('${orders}', 'CSV', '${all}') WHERE record > 0`,
        raw: joined,
        unreadable: ["given.note IS NULL, 'record is cut short'"],
      };
    case 'ndjson': {
      const fields = columns.map((name) => `tupleElement(parsed, '${name}') AS ${name}`);
      const lines = `SELECT line, _row_number + 1 AS record, isValidJSON(line) AS valid, JSONExtract(line, 'Tuple(${all})') AS parsed FROM file('${orders}', 'LineAsString', 'line String')`;
      return {
        rows: `SELECT line, record, valid, ${fields.join(', ')} FROM (${lines})`,
        raw: 'line',
        unreadable: ["NOT valid, 'record is not JSON'"],
      };
    }
    case 'parquet':
      return {
        rows: `SELECT *, _row_number + 1 AS record FROM file('${orders}', 'Parquet', '${all}')`,
        raw: joined,
        unreadable: [],
      };
  }
}

function stored(name: string): string {
  const type = types[orderTypes[name as keyof typeof orderTypes] ?? 'VARCHAR'];
  return type === 'DateTime64' ? 'DateTime64(6)' : type;
}
