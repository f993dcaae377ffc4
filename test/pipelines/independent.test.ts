import { describe, expect, test } from 'vitest';
import { expectBalance } from '../fixtures/engine/balance.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { compiled, run, tableFiles } from '../fixtures/engine/in-process-run.ts';
import { flightRows, shipped, vega } from '../fixtures/engine/shipped.ts';

/** The counts that matter, by the part of the pipeline that makes them. */
interface Counts {
  readonly read: number;
  readonly rejected: number;
  readonly filtered: number;
  readonly merged: number;
  readonly published: Readonly<Record<string, number>>;
}

/** Counts and sums by queries on the raw files that share nothing with the engine. */
const independent: Readonly<Record<string, () => Promise<{ counts: Counts; sums: Record<string, unknown> }>>> = {
  async flights() {
    const [row] = await query(`
      WITH raw AS (SELECT * FROM read_parquet('${vega('flights-3m.parquet')}', file_row_number = true) WHERE file_row_number < ${flightRows}),
           good AS (SELECT *, trim(origin) AS o, trim(destination) AS d FROM raw
                    WHERE date IS NOT NULL AND delay IS NOT NULL AND distance >= 0 AND length(origin) >= 3 AND length(destination) >= 3),
           far AS (SELECT * FROM good WHERE distance > 0),
           one AS (SELECT * FROM far QUALIFY row_number() OVER (PARTITION BY date, o, d ORDER BY file_row_number DESC) = 1),
           airports AS (SELECT iata, city FROM read_csv('${vega('airports.csv')}', all_varchar = true)),
           days AS (SELECT date::DATE AS day, o, count(*) AS n, count(*) FILTER (delay > 15) AS late FROM one GROUP BY ALL)
      SELECT (SELECT count(*) FROM raw) AS "read", (SELECT count(*) FROM raw) - (SELECT count(*) FROM good) AS rejected,
             (SELECT count(*) FROM good) - (SELECT count(*) FROM far) AS filtered, (SELECT count(*) FROM far) - (SELECT count(*) FROM one) AS merged,
             (SELECT count(*) FROM one) AS flights, (SELECT count(*) FROM days) AS flight_delays, (SELECT sum(delay) FROM one)::VARCHAR AS delay,
             (SELECT sum(late) FROM days)::VARCHAR AS late, (SELECT count(*) FROM one WHERE o IN (SELECT iata FROM airports WHERE city IS NOT NULL)) AS cities`);
    return {
      counts: countsOf(row!, ['flights', 'flight_delays']),
      sums: { delay: row!.delay, late: row!.late, cities: row!.cities },
    };
  },
  async birdstrikes() {
    const [row] = await query(`
      WITH raw AS (SELECT *, row_number() OVER () AS n FROM read_csv('${vega('birdstrikes.csv')}', header = true, all_varchar = true, quote = '"')),
           good AS (SELECT * FROM raw WHERE "Airport Name" IS NOT NULL AND "Aircraft Make Model" IS NOT NULL AND "Effect Amount of damage" IN ('None', 'Minor', 'Medium', 'Substantial')
                    AND try_cast("Flight Date" AS DATE) IS NOT NULL AND "Aircraft Airline Operator" IS NOT NULL AND "Origin State" IS NOT NULL AND "Phase of flight" IS NOT NULL
                    AND "Wildlife Size" IN ('Small', 'Medium', 'Large') AND "Wildlife Species" IS NOT NULL AND "Time of day" IN ('Dawn', 'Day', 'Dusk', 'Night')
                    AND try_cast("Cost Repair" AS BIGINT) >= 0 AND try_cast("Cost Total $" AS BIGINT) >= 0
                    AND ("Speed IAS in knots" IS NULL OR try_cast("Speed IAS in knots" AS BIGINT) <= 400)),
           one AS (SELECT DISTINCT ON (trim("Flight Date"), trim("Airport Name"), trim("Aircraft Make Model"), trim("Aircraft Airline Operator"), trim("Wildlife Species"),
                                       trim("Phase of flight"), trim("Time of day"), "Speed IAS in knots", "Cost Total $") * FROM good ORDER BY n),
           costs AS (SELECT trim("Wildlife Species") AS species, trim("Wildlife Size") AS size, count(*) AS strikes FROM one GROUP BY ALL)
      SELECT (SELECT count(*) FROM raw) AS "read", (SELECT count(*) FROM raw) - (SELECT count(*) FROM good) AS rejected, 0 AS filtered,
             (SELECT count(*) FROM good) - (SELECT count(*) FROM one) AS merged, (SELECT count(*) FROM one) AS birdstrikes, (SELECT count(*) FROM costs) AS birdstrike_costs,
             (SELECT sum("Cost Total $"::BIGINT) FROM one)::VARCHAR AS cost, (SELECT max(strikes) FROM costs)::VARCHAR AS most`);
    return { counts: countsOf(row!, ['birdstrikes', 'birdstrike_costs']), sums: { cost: row!.cost, most: row!.most } };
  },
  async movies() {
    const [row] = await query(`
      WITH raw AS (SELECT *, row_number() OVER () AS n FROM read_json('${vega('movies.json')}', columns = {"Title": 'VARCHAR', "US Gross": 'VARCHAR', "Worldwide Gross": 'VARCHAR', "Production Budget": 'VARCHAR', "Release Date": 'VARCHAR', "MPAA Rating": 'VARCHAR', "Major Genre": 'VARCHAR', "IMDB Rating": 'VARCHAR'})),
           whole AS (SELECT *, try_cast("Worldwide Gross" AS BIGINT) AS gross, try_cast("IMDB Rating" AS DOUBLE) AS rating, try_strptime(trim("Release Date"), '%b %d %Y')::DATE AS released FROM raw),
           good AS (SELECT * FROM whole WHERE "Title" IS NOT NULL AND "Release Date" IS NOT NULL
                    AND ("US Gross" IS NULL OR try_cast("US Gross" AS BIGINT) >= 0) AND ("Worldwide Gross" IS NULL OR gross >= 0)
                    AND ("Production Budget" IS NULL OR try_cast("Production Budget" AS BIGINT) > 0)
                    AND ("MPAA Rating" IS NULL OR "MPAA Rating" IN ('G', 'PG', 'PG-13', 'R', 'NC-17', 'Open', 'Not Rated')) AND ("IMDB Rating" IS NULL OR rating BETWEEN 0 AND 10)),
           dated AS (SELECT * FROM good WHERE released < DATE '2011-01-01'),
           earning AS (SELECT * FROM dated WHERE gross > 0),
           one AS (SELECT * FROM earning QUALIFY row_number() OVER (PARTITION BY trim("Title"), released ORDER BY gross DESC, n DESC) = 1),
           genres AS (SELECT coalesce(trim("Major Genre"), 'Unknown') AS genre, count(*) AS movies, count(*) FILTER (gross >= try_cast("Production Budget" AS BIGINT)) AS hits FROM one GROUP BY ALL)
      SELECT (SELECT count(*) FROM raw) AS "read", (SELECT count(*) FROM raw) - (SELECT count(*) FROM dated) AS rejected,
             (SELECT count(*) FROM dated) - (SELECT count(*) FROM earning) AS filtered, (SELECT count(*) FROM earning) - (SELECT count(*) FROM one) AS merged,
             (SELECT count(*) FROM one) AS movies, (SELECT count(*) FROM genres) AS movie_genres, (SELECT sum(gross) FROM one)::VARCHAR AS gross, (SELECT sum(hits) FROM genres)::VARCHAR AS hits`);
    return { counts: countsOf(row!, ['movies', 'movie_genres']), sums: { gross: row!.gross, hits: row!.hits } };
  },
};

/** The same sums, of what the pipeline published. */
const publishedSums: Readonly<Record<string, (table: (name: string) => string) => string>> = {
  flights: (table) =>
    `SELECT (SELECT sum(delay) FROM ${table('flights')})::VARCHAR AS delay, (SELECT sum("lateFlights") FROM ${table('flight_delays')})::VARCHAR AS late, (SELECT count(city) FROM ${table('flights')}) AS cities`,
  birdstrikes: (table) =>
    `SELECT (SELECT sum(cost)::BIGINT FROM ${table('birdstrikes')})::VARCHAR AS cost, (SELECT max(strikes) FROM ${table('birdstrike_costs')})::VARCHAR AS most`,
  movies: (table) =>
    `SELECT (SELECT sum(gross) FROM ${table('movies')})::VARCHAR AS gross, (SELECT sum(hits) FROM ${table('movie_genres')})::BIGINT::VARCHAR AS hits`,
};

describe.each(shipped)('$name', ({ name, definition, tables, inputs }) => {
  test('reads, rejects, filters, merges and publishes as many rows as a query on the raw file says', async () => {
    const result = await run(await compiled(definition), inputs([1]));
    expectBalance(result);
    const { counts, sums } = await independent[name]!();
    const sum = (of: 'rejected' | 'filtered' | 'merged') =>
      result.steps
        .filter(({ node }) => !isSide(node) && !node.endsWith('-aggregate'))
        .reduce((total, step) => total + step[of], 0);
    expect({
      read: result.steps.find(({ node }) => node === name)!.rowsIn,
      rejected: sum('rejected'),
      filtered: sum('filtered'),
      merged: sum('merged'),
      published: Object.fromEntries(
        tables.map((table) => [table, result.steps.find(({ node }) => node === `table.${table}`)!.rowsOut]),
      ),
    }).toEqual(counts);
    const table = (of: string) =>
      `read_parquet([${tableFiles(result, of)
        .map((path) => `'${path}'`)
        .join(', ')}], hive_partitioning = false)`;
    const [published] = await query(publishedSums[name]!(table));
    expect(published).toEqual(sums);
  });
});

function isSide(node: string): boolean {
  return node === 'airports';
}

function countsOf(row: Record<string, any>, tables: readonly string[]): Counts {
  const [read, rejected, filtered, merged] = ['read', 'rejected', 'filtered', 'merged'].map((name) =>
    Number(row[name]),
  );
  const published = Object.fromEntries(tables.map((table) => [table, Number(row[table])]));
  return { read: read!, rejected: rejected!, filtered: filtered!, merged: merged!, published };
}
