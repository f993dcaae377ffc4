import { readFileSync, statSync } from 'node:fs';
import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samplePath } from '../../lib/cli/sample-files.ts';
import type { RunDetail } from '../../lib/cli/show-run.ts';
import { compile } from '../../lib/compiler/index.ts';
import { estimateRun } from '../../lib/infra/index.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { flightsSlice } from '../fixtures/flights-slice.ts';
import manyChunks from '../fixtures/pipelines/many-chunks.ts';
import { TestPlatform } from '../fixtures/platform.ts';

describe('a run in many chunks', () => {
  let penstock: TestPlatform;
  let flights: string;
  let detail: RunDetail;

  beforeAll(async () => {
    penstock = await TestPlatform.start('many-chunks');
    await penstock.put('reference/airports.csv', readFileSync(samplePath('airports.csv')));
    flights = await flightsSlice(400_000);
    // Strikes nothing, and keeps a record of every call.
    penstock.app.faults.add({
      match: { service: '*', operation: '*' },
      action: { type: 'delay', milliseconds: 0 },
    });
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

  it('takes what its estimate says', async () => {
    const bytes = statSync(flights).size;
    const { stages, items } = estimateRun(await compile(manyChunks), { bytes, format: 'parquet' });
    const estimated = (what: string) => items.find((one) => one.what === what)!.quantity;
    const calls = penstock.app.faults.log.filter(({ caller }) => !caller.endsWith(':root'));
    const count = (service: string, operation: RegExp, resource = '') =>
      calls.filter((call) => {
        const matches = call.service === service && operation.test(call.operation);
        return matches && call.resources.some((one) => one.includes(resource));
      }).length;

    // Exactly: bytes, chunks, messages.
    expect(detail.run.extract).toMatchObject({ inputBytes: bytes });
    for (const { stage, chunks } of stages) expect(detail.report!.stages[stage]!.chunks).toBe(chunks);
    const chunks = stages.reduce((sum, one) => sum + one.chunks, 0);
    expect(count('sqs', /^SendMessage$/, 'many-chunks-Work')).toBe(chunks);
    // Messages that wait together are received and deleted together. On a slow machine more than 20 seconds pass between
    // them: then a request comes back with none, which is no cost of the run.
    const requests = count('sqs', /^(SendMessage|ReceiveMessage|DeleteMessageBatch)$/, 'many-chunks-Work');
    const none = Math.floor((calls.at(-1)!.at - calls[0]!.at) / 20_000);
    expect(requests).toBeLessThanOrEqual(estimated('SQS') + none);

    // A run that passes its gate leaves out the states of reviews and failures.
    const machineArn = penstock.app.stacks['penstock-many-chunks']!.outputs.MachineArn!;
    const executionArn = `${machineArn.replace(':stateMachine:', ':execution:')}:${detail.run.run}`;
    const history = await penstock.platform.sfn.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
    );
    // However many chunks there are: they are children, and states hold references.
    expect(history.events!.length).toBeLessThan(60);
    const states = history.events!.flatMap(({ stateEnteredEventDetails: entered, stateExitedEventDetails: exited }) => [
      entered?.input ?? '',
      exited?.output ?? '',
    ]);
    expect(Math.max(...states.map((state) => Buffer.byteLength(state)))).toBeLessThan(1024);
    const entered = history.events!.filter(({ type }) => type!.endsWith('StateEntered')).length;
    const transitions = entered + 2 * chunks;
    expect(transitions).toBeLessThanOrEqual(estimated('Step Functions'));
    expect(transitions).toBeGreaterThan(estimated('Step Functions') * 0.6);

    // No chunk has rejects here, for which the estimate counts a file each; small row groups are read one by one.
    const writes = count('s3', /^PutObject$/);
    expect(writes).toBeLessThanOrEqual(estimated('S3 writes'));
    expect(writes).toBeGreaterThan(estimated('S3 writes') * 0.75);
    const reads = count('s3', /^(GetObject|HeadObject)$/);
    expect(reads / estimated('S3 reads')).toBeGreaterThan(0.67);
    expect(reads / estimated('S3 reads')).toBeLessThan(1.5);
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
