import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestPlatform } from '../fixtures/platform.ts';

/** Every role has only what its function needs: a rule that looked elsewhere without leave would fail the run. */
describe('rules that look elsewhere and back, on the synthesized stack', () => {
  let penstock: TestPlatform;
  beforeAll(async () => {
    penstock = await TestPlatform.start('test/fixtures/pipelines/visits.ts', 'test/fixtures/pipelines/orders.ts');
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

  it('leaves a page and the lineage beside the report', async () => {
    const { run } = await penstock.run('visits', 'landing/visits/3.ndjson', visits(1, 2, 3));
    expect(run.state).toBe('Completed');
    const base = run.assess!.report.replace(/\.json$/, '');
    expect(await text(`${base}.html`)).toContain('passed the gate');
    const events = JSON.parse(await text(`${base}.openlineage.json`));
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
    const [, event] = JSON.parse(await text(`reports/orders/${failed.run.run}.openlineage.json`));
    expect(event).toMatchObject({ eventType: 'FAIL', job: { name: 'orders' } });
  }, 120_000);
});
