import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samplePath } from '../../lib/cli/sample-files.ts';
import type { RunDetail } from '../../lib/cli/show-run.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { flightsSlice } from '../fixtures/flights-slice.ts';
import { TestPlatform } from '../fixtures/platform.ts';

describe('a run in many chunks', () => {
  let penstock: TestPlatform;
  let flights: string;
  let detail: RunDetail;

  beforeAll(async () => {
    penstock = await TestPlatform.start('test/fixtures/pipelines/many-chunks.ts');
    await penstock.put('reference/airports.csv', readFileSync(samplePath('airports.csv')));
    flights = await flightsSlice(400_000);
    detail = await penstock.run('many-chunks', 'landing/many-chunks/flights.parquet', readFileSync(flights));
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
    const raw = `(SELECT DISTINCT ON (date, origin, destination) * FROM '${flights}' WHERE distance > 500)`;
    const [expected] = await query(
      `SELECT count(*)::INTEGER AS hops, count(DISTINCT (date::DATE, origin))::INTEGER AS groups, count(city)::INTEGER AS cities FROM ${raw} LEFT JOIN '${samplePath('airports.csv')}' ON origin = iata`,
    );
    const [published] = await penstock.query(
      'SELECT (SELECT count(*) FROM hops)::INTEGER AS hops, (SELECT count(*) FROM daily_hops)::INTEGER AS groups, (SELECT count(city) FROM hops)::INTEGER AS cities, (SELECT sum(flights) FROM daily_hops)::INTEGER AS flights',
      'hops',
      'daily_hops',
    );
    expect(published).toEqual({ ...expected, flights: expected!.hops });
  });
});
