import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samplePath } from '../../lib/cli/sample-files.ts';
import type { RunDetail } from '../../lib/cli/show-run.ts';
import { TestPlatform } from '../fixtures/platform.ts';

describe('a run in many chunks', () => {
  let penstock: TestPlatform;
  let detail: RunDetail;

  beforeAll(async () => {
    penstock = await TestPlatform.start('test/fixtures/pipelines/many-chunks.ts');
    await penstock.put('reference/airports.csv', readFileSync(samplePath('airports.csv')));
    detail = await penstock.run(
      'many-chunks',
      'landing/many-chunks/flights.parquet',
      readFileSync(samplePath('flights-3m.parquet')),
    );
  }, 120_000);
  afterAll(() => penstock.close());

  it('works in several chunks and partitions at every stage', () => {
    expect(detail.run.failure).toBeUndefined();
    expect(detail.run.extract?.solo).toBe(false);
    for (const stage of ['process', 'reduce-1', 'reduce-2'])
      expect(detail.report!.stages[stage]!.chunks).toBeGreaterThan(2);
    expect(detail.ledger.filter((line) => !line.balanced)).toEqual([]);
  });

  it('publishes exactly what one query over the whole file gives', async () => {
    const connection = await (await DuckDBInstance.create()).connect();
    const raw = `(SELECT DISTINCT ON (date, origin, destination) * FROM '${samplePath('flights-3m.parquet')}' WHERE distance > 500)`;
    const reader = await connection.runAndReadAll(
      `SELECT count(*)::INTEGER AS hops, count(DISTINCT (date::DATE, origin))::INTEGER AS groups, count(city)::INTEGER AS cities FROM ${raw} LEFT JOIN '${samplePath('airports.csv')}' ON origin = iata`,
    );
    const [expected] = reader.getRowObjectsJson();
    connection.closeSync();
    const [published] = await penstock.query(
      'SELECT (SELECT count(*) FROM hops)::INTEGER AS hops, (SELECT count(*) FROM daily_hops)::INTEGER AS groups, (SELECT count(city) FROM hops)::INTEGER AS cities, (SELECT sum(flights) FROM daily_hops)::INTEGER AS flights',
      'hops',
      'daily_hops',
    );
    expect(published).toEqual({ ...expected, flights: expected!.hops });
  });
});
