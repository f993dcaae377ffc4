import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TestPlatform } from '../fixtures/platform.ts';
import { expectValid } from '../runtime/lineage/event-schemas.ts';

/** Found nowhere when all is done. */
const secret = 'canary-0815-of-the-visits';

function clientOptions({ platform: { address } }: TestPlatform) {
  const { endpoint, region } = address;
  return { endpoint, region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}

/** Every role has only what its function needs: a rule that looked elsewhere without leave would fail the run. */
describe('rules that look elsewhere and back, on the synthesized stack', () => {
  let penstock: TestPlatform;
  beforeAll(async () => {
    penstock = await TestPlatform.start('visits', 'orders');
    const secrets = new SecretsManagerClient(clientOptions(penstock));
    await secrets.send(new CreateSecretCommand({ Name: 'visits/hash-key', SecretString: secret }));
    await penstock.put('reference/shops.csv', 'code\nNO\n');
    await penstock.put('reference/countries.csv', 'code,name\nNO,Norway\n');
  }, 120_000);
  afterAll(() => penstock.close());

  const text = async (key: string) => (await penstock.platform.objects.readText(key))!;
  const visits = (...spent: (number | null)[]) =>
    spent.map((one) => JSON.stringify({ shop: 'NO', at: '2026-01-01T00:00:00Z', spent: one })).join('\n');

  it('judges by tables of other pipelines, by its own, and by the run before', async () => {
    const first = await penstock.run('visits', 'landing/visits/1.ndjson', visits(1, 2, 3));
    const report = JSON.parse(await text(first.run.assess!.report));
    expect(report.rules.find(({ component }: any) => component === 'references')).toMatchObject({
      observed: 'the table "orders" has no rows yet',
    });
    expect(first.run).toMatchObject({ state: 'Completed' });

    await penstock.run(
      'orders',
      'landing/orders/1.csv',
      'id,placed,country,amount,status\n1,2024-01-01T10:00:00,NO,5,paid\n',
    );
    const second = await penstock.run('visits', 'landing/visits/2.ndjson', visits(1, 2, 900, 900));
    const rules = JSON.parse(await text(second.run.assess!.report)).rules;
    expect(rules.map(({ component, share }: any) => [component, share])).toEqual([
      ['complete', 1],
      ['known', 1],
      ['references', 1],
      ['agrees', 1],
      ['fresh', 1],
      ['volume', 1],
      ['drift', 0],
    ]);
    expect(second.run).toMatchObject({ state: 'AwaitingReview' });
  }, 120_000);

  it('hashes with a secret that workers may read, and that stands in no object and no log', async () => {
    const [row] = await penstock.query('SELECT DISTINCT guest FROM visits', 'visits');
    expect(row).toEqual({ guest: createHmac('sha256', secret).update('NO guest').digest('hex') });
    const logs = penstock.app.log.filter((line) => line.startsWith('penstock-visits-'));
    expect(logs.length).toBeGreaterThan(5);
    const objects = await Promise.all((await penstock.keys('')).map((key) => penstock.fetch(key)));
    for (const path of objects) expect(readFileSync(path, 'latin1')).not.toContain(secret);
    for (const log of logs) expect(log).not.toContain(secret);
  }, 120_000);

  it('leaves a page and the lineage beside the report', async () => {
    const { run } = await penstock.run('visits', 'landing/visits/3.ndjson', visits(1, 2, 3));
    expect(run.state).toBe('Completed');
    const base = run.assess!.report.replace(/\.json$/, '');
    expect(await text(`${base}.html`)).toContain('passed the gate');
    const events = JSON.parse(await text(`${base}.openlineage.json`));
    for (const one of events) expectValid(one);
    expect(events.map(({ eventType }: any) => eventType)).toEqual(['START', 'COMPLETE']);
    expect(events[1].outputs.map(({ name }: any) => name)).toEqual(['curated/visits', 'curated/takings']);
  }, 120_000);

  it('keeps the lineage of a run that failed', async () => {
    const { run } = await penstock.run(
      'visits',
      'landing/visits/4.ndjson',
      visits(...Array.from({ length: 50 }, () => null)),
    );
    expect(run.state).toBe('AwaitingReview');
    const failed = await penstock.run('orders', 'landing/orders/2.csv', 'id\n1\n');
    expect(failed.run.state).toBe('Failed');
    // A run is told to have failed before its lineage is written.
    const event = await vi.waitFor(
      async () => {
        const events = JSON.parse(await text(`reports/orders/${failed.run.run}.openlineage.json`));
        expect(events).toHaveLength(2);
        return events[1];
      },
      { timeout: 20_000 },
    );
    expectValid(event);
    expect(event).toMatchObject({ eventType: 'FAIL', job: { name: 'orders' } });
  }, 120_000);

  it('keeps the rows of a table that a run would have replaced by nothing, and says why it failed', async () => {
    const before = await penstock.query('SELECT * FROM takings', 'takings');
    expect(before).toHaveLength(1);
    const wrong = visits(1, 2, 3).replaceAll('2026-01-01T00:00:00Z', 'some day');
    const { run, report } = await penstock.run('visits', 'landing/visits/wrong.ndjson', wrong);
    expect(run).toMatchObject({
      state: 'Failed',
      totals: { rowsIn: 3, rejected: 3 },
      failure: {
        error: 'QualityGateError',
        message: expect.stringContaining(
          'emptied-table-takings of table "takings": no row is left for it: all 3 that came to visits were rejected',
        ),
      },
    });
    expect(report).toMatchObject({ gate: 'fail' });
    expect(await penstock.query('SELECT * FROM takings', 'takings')).toEqual(before);
    expect((await penstock.rejects(run)).rows).toHaveLength(3);
  }, 120_000);
});
