import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Printer } from '../../lib/cli/print.ts';
import { replayRejected } from '../../lib/cli/replay-rejected.ts';
import { samplePath } from '../../lib/cli/sample-files.ts';
import { watchRuns } from '../../lib/cli/watch-runs.ts';
import { TestPlatform } from '../fixtures/platform.ts';

const printer = new Printer(process.stdout, true);
const header = 'id,placed,country,amount,status\n';
const good = (id: number) => `${id},2026-03-01 10:00:00,de,${id}.50,paid\n`;

describe('bad input on the synthesized stack', () => {
  let penstock: TestPlatform;

  beforeAll(async () => {
    penstock = await TestPlatform.start('orders', 'flights');
    await penstock.put('reference/countries.csv', 'code,name\nde,Germany\nfr,France\n');
    await penstock.put('reference/airports.csv', readFileSync(samplePath('airports.csv')));
  });
  afterAll(() => penstock.close());

  it('sets a broken row aside and publishes the others', async () => {
    const body = `${header}${good(1)}2,not a date,de,1.0,paid\n3,2026-03-01 10:00:00\n${good(4)}5,2026-03-01 10:00:00,xx,2.0,paid\n6,2026-03-01 10:00:00,fr,3.0,cancelled\n`;
    const { run } = await penstock.run('orders', 'landing/orders/broken.csv', body);
    expect(run).toMatchObject({
      state: 'Completed',
      totals: { rowsIn: 6, rejected: 3, filtered: 1, tables: { orders: 2 } },
    });
    const { rows } = await penstock.rejects(run);
    expect(rows.map(({ row, rule }) => [row, rule])).toEqual([
      ['2', 'placed is TIMESTAMP'],
      ['3', 'record is readable'],
      ['5', 'country = code has a match in countries'],
    ]);
    expect(rows[1]).toMatchObject({ file: 'landing/orders/broken.csv', raw: '3,2026-03-01 10:00:00' });
  });

  it('replays a rejected row once, after its cause was mended, and adds it to the tables', async () => {
    const versionId = await penstock.put(
      'landing/orders/unknown.csv',
      `${header}${good(51)}52,2026-03-01 10:00:00,xx,2.0,paid\nx,2026-03-01 10:00:00,de,2.0,paid\n`,
    );
    const { run } = await penstock.follow({ pipeline: 'orders', key: 'landing/orders/unknown.csv', versionId });
    await penstock.put('reference/countries.csv', 'code,name\nde,Germany\nfr,France\nxx,Elsewhere\n');
    const printer = new Printer(process.stdout, true);
    const replay = () =>
      replayRejected(penstock.platform, printer, { run, by: 'ada', filter: { step: 'orders.5-enrich' }, wait: true });
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      expect(await replay()).toBe(0);
      expect(await replay()).toBe(0);
    } finally {
      written.mockRestore();
    }
    const replays = await penstock.platform.replaysOf(run);
    expect(replays).toMatchObject([
      {
        state: 'Completed',
        totals: { rowsIn: 1, rejected: 0, tables: { orders: 1 } },
        trigger: { of: run.run, tables: ['orders'] },
      },
      {
        state: 'Completed',
        totals: { rowsIn: 3, rejected: 1, tables: { sales: 2 } },
        trigger: { of: run.run, tables: ['sales'], whole: true },
      },
    ]);
    expect(await penstock.query('SELECT id, country_name FROM orders WHERE id > 50 ORDER BY id', 'orders')).toEqual([
      { id: '51', country_name: 'Germany' },
      { id: '52', country_name: 'Elsewhere' },
    ]);
    expect(
      await penstock.query("SELECT country_name, orders FROM sales WHERE country_name = 'Elsewhere'", 'sales'),
    ).toEqual([{ country_name: 'Elsewhere', orders: '1' }]);
    await penstock.put('reference/countries.csv', 'code,name\nde,Germany\nfr,France\n');
  });

  it.each(['spaces and + signs.csv', 'ünï-çødé-漢字-😀.csv', 'dots/../still here.csv'])(
    'takes a key with %s exactly',
    async (name) => {
      const key = `landing/orders/${name}`;
      const { run } = await penstock.run('orders', key, `${header}${good(11)}x,2026-03-01 10:00:00,de,1,paid\n`);
      expect(run.trigger).toMatchObject({ kind: 'file', key });
      expect(run).toMatchObject({ state: 'Completed', totals: { rowsIn: 2, rejected: 1 } });
      expect((await penstock.rejects(run)).rows[0]!.file).toBe(key);
    },
  );

  it('takes an empty file as a run without rows', async () => {
    const { run } = await penstock.run('orders', 'landing/orders/empty.csv', '');
    expect(run).toMatchObject({ state: 'Completed', totals: { rowsIn: 0, tables: { orders: 0 } } });
  });

  it('fails a truncated Parquet file with four parts and publishes nothing', async () => {
    const whole = readFileSync(samplePath('flights-3m.parquet'));
    const { run } = await penstock.run('flights', 'landing/flights/cut.parquet', whole.subarray(0, 1_000_000));
    expect(run).toMatchObject({ state: 'Failed', failure: { error: 'InputMalformedError', disposition: 'terminal' } });
    expect(run.failure!.message).toContain('landing/flights/cut.parquet');
    expect(await penstock.keys('curated/flights/')).toEqual([]);
    expect((await penstock.platform.tables.pointer('flights')).version).toBe(0);
  });

  it('fails a file without a column of the contract, and names both', async () => {
    const { run } = await penstock.run(
      'orders',
      'landing/orders/renamed.csv',
      'id,placed_at,country,amount,status\n1,2026-03-01 10:00:00,de,1,paid\n',
    );
    expect(run).toMatchObject({ state: 'Failed', failure: { error: 'SchemaMismatchError' } });
    expect(run.failure!.message).toContain('"placed"');
    expect(run.failure!.message).toContain('placed_at');
    expect(await penstock.keys(`curated/orders/data/run=${run.run}/`)).toEqual([]);
  });

  it('fails a run whose reference is missing, names the key, and lets it go on once it is there', async () => {
    const { S3Client: _, ...rest } = await import('@aws-sdk/client-s3');
    await penstock.platform.s3.send(
      new rest.DeleteObjectCommand({ Bucket: penstock.platform.address.lake, Key: 'reference/countries.csv' }),
    );
    const { run } = await penstock.run('orders', 'landing/orders/no-reference.csv', `${header}${good(21)}`);
    expect(run).toMatchObject({ state: 'Failed', failure: { error: 'InputMissingError', state: 'Extract' } });
    expect(run.failure!.message).toContain('reference/countries.csv');
    await penstock.put('reference/countries.csv', 'code,name\nde,Germany\nfr,France\n');
    const { platform } = penstock;
    const request = { run: run.run, pipeline: 'orders', by: 'ada', earlierDigest: run.planDigest };
    expect(await platform.redriveRun(request)).toEqual({ run: run.run, outcome: 'redriven', changes: [] });
    const [ended] = await watchRuns(platform, [(await platform.runs.find(run.run))!], printer);
    expect(ended).toMatchObject({ state: 'Completed', redrives: 1, totals: { rowsIn: 1 } });
    expect(ended).not.toHaveProperty('failure');
    await expect(platform.redriveRun(request)).rejects.toMatchObject({ received: 'Completed' });
  });

  it('fails a run whose lookup side holds a key twice', async () => {
    await penstock.put('reference/countries.csv', 'code,name\nde,Germany\nde,Deutschland\n');
    const { run } = await penstock.run('orders', 'landing/orders/twice.csv', `${header}${good(31)}`);
    expect(run).toMatchObject({ state: 'Failed', failure: { error: 'LookupNotUniqueError' } });
    expect(run.failure!.message).toContain('deduplicate');
    await penstock.put('reference/countries.csv', 'code,name\nde,Germany\nfr,France\n');
  });
});
