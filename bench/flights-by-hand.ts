import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

export interface ByHandOptions {
  readonly flights: string;
  readonly airports: string;
  readonly folder: string;
  readonly threads: number;
  readonly memoryLimit: string;
}

/**
 * The work of `pipelines/flights.ts` as one DuckDB script, written the way a person who knows DuckDB well would write it:
 * check the contract, sanitise, filter, derive, deduplicate (latest wins), enrich, write both tables, measure quality.
 */
export async function flightsByHand({
  flights,
  airports,
  folder,
  threads,
  memoryLimit,
}: ByHandOptions): Promise<{ flights: number; delays: number }> {
  mkdirSync(folder, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: memoryLimit,
    temp_directory: join(folder, 'spill'),
  });
  const connection = await instance.connect();
  const run = (sql: string) => connection.run(sql);
  const clean = (column: string) => `nfc_normalize(trim(regexp_replace(${column}, '[\\x00-\\x1F\\x7F]', '', 'g')))`;
  const text = (column: string) =>
    `CASE WHEN ${clean(column)} IN ('', 'null', 'NULL', 'N/A', 'n/a', 'NA') THEN NULL ELSE ${clean(column)} END AS ${column}`;
  await run(`CREATE TABLE airports AS SELECT iata, city, state FROM read_csv('${airports}')`);
  await run(
    `CREATE TABLE rejects AS SELECT *, concat_ws('; ', CASE WHEN date IS NULL THEN 'date is missing' END, CASE WHEN delay IS NULL THEN 'delay is missing' END, CASE WHEN distance < 0 THEN 'distance is below 0' END, ` +
      `CASE WHEN length(origin) < 3 THEN 'origin is short' END, CASE WHEN length(destination) < 3 THEN 'destination is short' END) AS reason FROM '${flights}' ` +
      `WHERE date IS NULL OR delay IS NULL OR distance IS NULL OR origin IS NULL OR destination IS NULL OR distance < 0 OR length(origin) < 3 OR length(destination) < 3`,
  );
  await run(
    `CREATE TABLE flights AS WITH good AS (SELECT date, delay, distance, ${text('origin')}, ${text('destination')}, file_row_number AS n FROM read_parquet('${flights}', file_row_number = true) ` +
      `WHERE date IS NOT NULL AND delay IS NOT NULL AND distance >= 0 AND length(origin) >= 3 AND length(destination) >= 3), ` +
      `latest AS (SELECT date, origin, destination, unnest(max_by(struct_pack(delay := delay, distance := distance), n)) FROM good WHERE distance > 0 GROUP BY date, origin, destination) ` +
      `SELECT latest.*, date::DATE AS day, delay > 15 AS late, city, state FROM latest LEFT JOIN airports ON origin = iata`,
  );
  await run(
    `COPY flights TO '${join(folder, 'flights')}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (day), WRITE_PARTITION_COLUMNS true, OVERWRITE true)`,
  );
  await run(
    `CREATE TABLE delays AS SELECT day, origin, count(*) AS flights, avg(delay) AS meanDelay, count(*) FILTER (late) AS lateFlights FROM flights GROUP BY day, origin`,
  );
  await run(`COPY delays TO '${join(folder, 'delays.parquet')}' (FORMAT parquet, COMPRESSION zstd)`);
  await run(
    `SELECT count(*), count(origin), count(DISTINCT (date, origin, destination)), count(*) FILTER (delay BETWEEN -120 AND 3000) FROM flights`,
  );
  const reader = await connection.runAndReadAll(
    'SELECT (SELECT count(*) FROM flights)::INTEGER AS flights, (SELECT count(*) FROM delays)::INTEGER AS delays',
  );
  const [row] = reader.getRowObjectsJS();
  connection.closeSync();
  instance.closeSync();
  return row as { flights: number; delays: number };
}
