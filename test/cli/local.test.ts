import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { rootCredentials } from '../../local/iam/credentials.ts';
import { isRunning, LocalProcess } from './local-process.ts';
import { TestProject } from './project.ts';

const project = new TestProject({
  'pipelines/sales.ts': `import { fileArrives, filter, from, lake, pipeline, s3 } from 'penstock';
import * as z from 'zod';
const sale = z.object({ id: z.int(), shop: z.string(), amount: z.number() });
const sales = from(s3({ prefix: 'landing/sales/', format: 'csv' }), sale).pipe(filter('amount > 0', { rule: 'nothing sold' }));
export default pipeline('sales', {
  on: [fileArrives('landing/sales/')],
  outputs: [sales.to(lake({ table: 'sales' }))],
});
`,
  'sales.csv': 'id,shop,amount\n1,Bern,10.5\n2,Basel,0\nx,Thun,3\n4,,5\n',
});

const local = new LocalProcess(project);
const addressFile = () => join(project.folder, '.penstock', 'local.json');

describe('a platform on this machine, in processes of its own', () => {
  beforeAll(() => local.start());
  afterAll(async () => {
    await local.stop();
    project.remove();
  });

  it('says where it is, to people and to the other commands', () => {
    const address = JSON.parse(readFileSync(addressFile(), 'utf8'));
    expect(local.said).toContain(address.endpoint);
    expect(local.said).toContain(`s3://${address.lake}`);
    expect(address).toMatchObject({ pid: local.pid, bus: 'penstock', region: 'us-east-1' });
  });

  it('starts once for each folder', async () => {
    const { code, err } = await project.run('local');
    expect(code).toBe(1);
    expect(err).toContain('local AWS is running in this folder already');
    expect(err).toContain(`process ${local.pid}`);
  });

  it('put --wait follows the run of a file to its end', async () => {
    const { code, out } = await project.run('put', 'sales.csv', 'sales', '--wait');
    expect(out).toMatch(/^sales\.csv → s3:\/\/penstock-\S+\/landing\/sales\/sales\.csv\n/);
    expect(out).toMatch(/sales\s+Completed in .* 4 rows, 2 rejects/);
    expect(out).toMatch(/sales +4 +2 +2 +✓/);
    expect(out).toMatch(/time +Initialize .*, Extract .*, Process .*, Assess .*, Publish .*, Commit/);
    expect(out).toMatch(/workers +1 chunk, .* of work, [\d.]+ MB at most/);
    expect(code).toBe(0);
  });

  it('keeps what functions log', async () => {
    const { endpoint, region } = JSON.parse(readFileSync(addressFile(), 'utf8'));
    const logs = new CloudWatchLogsClient({ endpoint, region, credentials: rootCredentials });
    const logGroupName = '/aws/lambda/penstock-sales-worker';
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
    logs.destroy();
    expect(events!.map(({ message }) => message).join('')).toMatch(/^\{.*"run":"sales-/m);
  });

  it('tells meanwhile what happens', async () => {
    const told = /\d\d:\d\d:\d\d {2}sales-\S+ {2}Completed in .* {2}4 rows, 2 rejects/;
    // It looks once in a while, in a process of its own.
    await vi.waitFor(() => expect(local.said).toMatch(told), { timeout: 20_000 });
  });

  it('is stopped by Ctrl-C, and leaves neither a process nor its address', async () => {
    const processes = local.processes();
    expect(await local.stop()).toBe(0);
    expect(local.said.trimEnd().endsWith('stopped')).toBe(true);
    expect(existsSync(addressFile())).toBe(false);
    expect(processes.filter(isRunning)).toEqual([]);
    expect((await project.run('runs')).err).toContain('no platform was found');
  });

  it('has the same runs and tables when it is started again', async () => {
    await local.start();
    expect(await project.json('runs')).toMatchObject([{ pipeline: 'sales', state: 'Completed' }]);
    expect((await project.json('query', 'SELECT count(*)::INTEGER AS n FROM sales')).rows).toEqual([{ n: 1 }]);
  });
});
