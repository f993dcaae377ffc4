import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samplePath } from '../../lib/cli/sample-files.ts';
import type { RunDetail } from '../../lib/cli/show-run.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { flightsSlice } from '../fixtures/flights-slice.ts';
import { TestPlatform } from '../fixtures/platform.ts';

const sample = (file: string) => readFileSync(samplePath(file));

describe('the shipped pipelines on real files', () => {
  let penstock: TestPlatform;
  let flights: string;
  const details: Record<string, RunDetail> = {};

  beforeAll(async () => {
    penstock = await TestPlatform.start('flights', 'birdstrikes', 'movies');
    await penstock.put('reference/airports.csv', sample('airports.csv'));
    flights = await flightsSlice(300_000);
    const files = {
      'flights/flights.parquet': readFileSync(flights),
      'birdstrikes/birdstrikes.csv': sample('birdstrikes.csv'),
      'movies/movies.json': sample('movies.json'),
    };
    await Promise.all(
      Object.entries(files).map(async ([name, body]) => {
        const pipeline = name.split('/')[0]!;
        details[pipeline] = await penstock.run(pipeline, `landing/${name}`, body);
      }),
    );
  }, 120_000);
  afterAll(() => penstock.close());

  it.each(['flights', 'birdstrikes', 'movies'])(
    'completes %s with a ledger that balances in every line',
    (pipeline) => {
      const { run, ledger, report } = details[pipeline]!;
      expect(run.failure).toBeUndefined();
      expect(run.state).toBe('Completed');
      expect(report?.gate).toBe('pass');
      expect(ledger.length).toBeGreaterThan(3);
      expect(ledger.filter((line) => !line.balanced)).toEqual([]);
    },
  );

  it('publishes as many rows as an independent query of the raw file finds', async () => {
    const distinct = `SELECT DISTINCT date, origin, destination FROM '${flights}' WHERE distance > 0`;
    const [expected] = await query(
      `SELECT count(*)::INTEGER AS flights, count(DISTINCT (date::DATE, origin))::INTEGER AS delays FROM (${distinct})`,
    );
    const [counted] = await penstock.query(
      `SELECT (SELECT count(*) FROM flights)::INTEGER AS rows, (SELECT sum(flights) FROM flight_delays)::INTEGER AS flights,
        (SELECT count(*) FROM flight_delays)::INTEGER AS delays`,
      'flights',
      'flight_delays',
    );
    expect(counted).toEqual({ rows: expected!.flights, ...expected });
    expect(details.flights!.run.totals).toMatchObject({
      rowsIn: 300_000,
      rejected: 0,
      filtered: 0,
      tables: { flights: expected!.flights, flight_delays: expected!.delays },
    });
  });

  it('explains every reject with file, record, rule and value', async () => {
    const { rules, rows } = await penstock.rejects(details.movies!.run);
    expect(rules).toEqual([
      {
        node: 'movies.4-validate',
        rule: 'released before the list was made',
        severity: 'major',
        column: 'released',
        rows: 24,
      },
      { node: 'movies', rule: 'Title is present', severity: 'major', column: 'Title', rows: 1 },
    ]);
    expect(rows[0]).toMatchObject({ file: 'landing/movies/movies.json', row: '10', value: '2046-12-31' });
    expect(details.birdstrikes!.run.totals).toMatchObject({ rowsIn: 10_000, rejected: 15, merged: 25 + 9_921 });
  });

  it('starts one run for a trigger that arrives twice', async () => {
    const { run } = details.movies!;
    const before = (await penstock.platform.runs.list({ pipeline: 'movies' })).runs.length;
    // What S3 may do: tell of the same version of the same object once more.
    const { trigger } = run;
    if (trigger.kind !== 'file') throw new TypeError('not a file');
    const { cloud } = penstock.app;
    cloud.emit({
      source: 'aws.s3',
      'detail-type': 'Object Created',
      resources: [`arn:aws:s3:::${trigger.bucket}`],
      detail: {
        bucket: { name: trigger.bucket },
        object: { key: trigger.key, size: trigger.size, 'version-id': trigger.versionId, sequencer: trigger.sequencer },
      },
    });
    await penstock.run('movies', 'landing/movies/other.json', '[]');
    expect((await penstock.platform.runs.list({ pipeline: 'movies' })).runs.length).toBe(before + 1);
  });

  it('takes a file without rows as a run without rows', async () => {
    const { run } = await penstock.run('movies', 'landing/movies/none.json', '[]');
    expect(run).toMatchObject({ state: 'Completed', totals: { rowsIn: 0 } });
    expect(await penstock.query('SELECT count(*)::INTEGER AS n FROM movies', 'movies')).toEqual([{ n: 3128 }]);
  });
});
