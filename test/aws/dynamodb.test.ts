import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DynamodbArrivals } from '../../lib/aws/dynamodb-arrivals.ts';
import { DynamodbAudit } from '../../lib/aws/dynamodb-audit.ts';
import { DynamodbBackfills } from '../../lib/aws/dynamodb-backfills.ts';
import { DynamodbCircuits } from '../../lib/aws/dynamodb-circuits.ts';
import { DynamodbErrorLog } from '../../lib/aws/dynamodb-error-log.ts';
import { DynamodbLeases } from '../../lib/aws/dynamodb-leases.ts';
import { DynamodbPipelineStore } from '../../lib/aws/dynamodb-pipeline-store.ts';
import { DynamodbRunStore } from '../../lib/aws/dynamodb-run-store.ts';
import { asItem, DynamodbTable } from '../../lib/aws/dynamodb-table.ts';
import { DynamodbTableCatalog } from '../../lib/aws/dynamodb-table-catalog.ts';
import { createDynamodb } from '../../local/services/dynamodb/index.ts';
import { arrivalsContract } from '../fixtures/ports/contracts/arrivals.ts';
import { backfillsContract } from '../fixtures/ports/contracts/backfills.ts';
import { circuitsContract } from '../fixtures/ports/contracts/circuits.ts';
import { errorLogContract } from '../fixtures/ports/contracts/error-log.ts';
import { leasesContract } from '../fixtures/ports/contracts/leases.ts';
import { runRecord, runStoreContract } from '../fixtures/ports/contracts/run-store.ts';
import { tableCatalogContract } from '../fixtures/ports/contracts/table-catalog.ts';
import { createRunTable, type LocalAws, runTable, startLocalAws } from './local-aws.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws([createDynamodb]);
  await createRunTable(aws);
});
afterAll(() => aws.stop());

const table = () => new DynamodbTable(aws.dynamodb, runTable, aws.clock);
runStoreContract('DynamoDB', () => new DynamodbRunStore(table()));
backfillsContract('DynamoDB', () => new DynamodbBackfills(table()));
circuitsContract('DynamoDB', () => new DynamodbCircuits(table()));
arrivalsContract('DynamoDB', () => ({ arrivals: new DynamodbArrivals(table()), audit: new DynamodbAudit(table()) }));
errorLogContract('DynamoDB', () => new DynamodbErrorLog(table()));
leasesContract('DynamoDB', () => ({ leases: new DynamodbLeases(table()), runs: new DynamodbRunStore(table()) }));
tableCatalogContract('DynamoDB', () => ({
  tables: new DynamodbTableCatalog(table()),
  runs: new DynamodbRunStore(table()),
}));

describe('a lease that very many runs wait for', () => {
  const name = (index: number) => `run-${String(index).padStart(76, '0')}`;
  const since = '2026-11-22T07:00:00.123Z';
  const waiting = [{ state: 'Triggered' }] as const;
  const store = () => new DynamodbRunStore(table());
  async function waitedForBy(lease: string, runs: number): Promise<DynamodbLeases> {
    const waiting = Object.fromEntries(Array.from({ length: runs }, (_, index) => [name(index), since]));
    const Item = asItem({ pk: `LEASE#${lease}`, sk: 'LEASE', fence: 1, holders: {}, waiting });
    await table().put({ Item });
    return new DynamodbLeases(table());
  }

  test('has as many of them in line as an item has room for, and the others when there is room', async () => {
    const leases = await waitedForBy('crowded', 1000);
    await store().create(runRecord('late'));
    await leases.wait('crowded', 'late', since, waiting);
    expect((await leases.find('crowded')).waiting.late).toBeUndefined();
    expect(await leases.take('crowded', name(0), 1)).toBe(true);
    await leases.wait('crowded', 'late', since, waiting);
    expect((await leases.find('crowded')).waiting.late).toBe(since);
  });

  test('lets a run wait whose item is full', async () => {
    const leases = await waitedForBy('full', 3850);
    for (let index = 4000; index < 4003; index++) {
      await store().create(runRecord(name(index)));
      expect(await leases.wait('full', name(index), since, waiting)).toBe(true);
    }
  });
});

test('a ledger entry expires 90 days after it was written', async () => {
  const at = Date.UTC(2026, 0, 1);
  const record = { pipeline: 'orders', run: 'ttl', stage: 'process', chunk: '0', steps: [], files: [], quality: [] };
  await new DynamodbRunStore(table()).addLedgerRecord({ ...record, milliseconds: {}, peakMemoryBytes: 1, at });
  const Key = { pk: { S: 'RUN#ttl' }, sk: { S: 'LEDGER#process#0' } };
  const { Item } = await aws.dynamodb.send(new GetItemCommand({ TableName: runTable, Key }));
  expect(Item?.expiresAt).toEqual({ N: String(Date.UTC(2026, 3, 1) / 1000) });
});

test('what became of a version is forgotten after 90 days, unless runs that list the lake ask for it', async () => {
  const arrivals = new DynamodbArrivals(table());
  const at = Date.UTC(2026, 0, 1);
  const expiries = [];
  for (const [version, decision] of [
    ['1', { as: 'run', run: 'r' }],
    ['2', { as: 'nothing', because: 'repeated', by: '1' }],
  ] as const) {
    const file = { pipeline: 'ttl', key: 'landing/a', versionId: version, size: 1, sequencer: version };
    await arrivals.decide({ file, decision, history: await arrivals.history(file), at });
    const Key = { pk: { S: 'ARRIVAL#ttl#landing/a' }, sk: { S: `VERSION#${version}` } };
    const { Item } = await aws.dynamodb.send(new GetItemCommand({ TableName: runTable, Key }));
    expiries.push(Item?.expiresAt);
  }
  expect(expiries).toEqual([{ N: String(Date.UTC(2026, 3, 1) / 1000) }, undefined]);
});

test('the time of a schedule that was looked at last is moved on once, and what was missed noted along with it', async () => {
  const store = new DynamodbPipelineStore(table());
  const schedule = { expression: 'cron(0 6 * * ? *)', zone: 'Europe/Berlin' };
  const step = { pipeline: 'scheduled', schedule, time: 2000, run: true, at: 5, missed: [] };
  expect(await store.handledTime('scheduled', schedule)).toBeUndefined();
  expect(await store.handleTime({ ...step, before: undefined })).toBe(true);
  expect(await store.handleTime({ ...step, before: undefined })).toBe(false);
  expect(await store.handledTime('scheduled', { expression: schedule.expression })).toBeUndefined();
  const next = { ...step, before: 2000, time: 9000, run: false, missed: [4000, 9000] };
  const both = await Promise.all([store.handleTime(next), store.handleTime(next)]);
  expect(both.toSorted()).toEqual([false, true]);
  expect(await store.handledTime('scheduled', schedule)).toEqual({ time: 9000, run: false, at: 5 });
  const entries = await new DynamodbAudit(table()).list({ pipeline: 'scheduled', action: 'pass-over' });
  expect(entries).toMatchObject([{ detail: { because: 'missed', times: 2, first: '1970-01-01T00:00:04.000Z' } }]);
});
