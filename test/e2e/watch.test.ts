import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeStateMachineCommand, ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rootCredentials } from '../../local/iam/credentials.ts';
import { TestProject } from '../cli/project.ts';

const pipelineText = (name: string, filter: string) => `
import { fileArrives, filter, from, lake, pipeline, s3 } from 'penstock';
import * as z from 'zod';
import { amount } from '../amount.ts';
const sale = z.object({ id: z.int(), shop: z.string(), amount });
const sales = from(s3({ prefix: 'landing/${name}/', format: 'csv' }), sale).pipe(filter('${filter}', { rule: 'nothing sold' }));
export default pipeline('${name}', { on: [fileArrives('landing/${name}/')], outputs: [sales.to(lake({ table: '${name}' }))] });
`;
const project = new TestProject({
  'amount.ts': `import * as z from 'zod';\nexport const amount = z.number();\n`,
  'pipelines/sales.ts': pipelineText('sales', 'amount > 0'),
});
let local: ChildProcess;
let said = '';
let states: SFNClient;

/** Resolves to what the command has said since the last call, once that holds what is expected. */
async function until(expected: string | RegExp): Promise<string> {
  for (;;) {
    const found = typeof expected === 'string' ? said.indexOf(expected) : said.search(expected);
    if (found >= 0) {
      const before = said;
      said = '';
      return before;
    }
    if (local.exitCode !== null) throw new Error(`penstock local ended with ${local.exitCode}: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const machineNames = async () => {
  const { stateMachines } = await states.send(new ListStateMachinesCommand({}));
  return stateMachines!.map(({ name }) => name).sort();
};
const machineOf = async (pipeline: string) => {
  const { stateMachines } = await states.send(new ListStateMachinesCommand({}));
  const found = stateMachines!.find(({ name }) => name!.includes(pipeline))!;
  return states.send(new DescribeStateMachineCommand({ stateMachineArn: found.stateMachineArn }));
};

beforeAll(async () => {
  local = project.start('local', '--port', '0', '--watch', '--explain-access');
  for (const stream of [local.stdout!, local.stderr!]) {
    stream.on('data', (data) => {
      said += data;
    });
  }
  const endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(await until('Ctrl-C stops.'))![0];
  states = new SFNClient({ endpoint, region: 'us-east-1', credentials: rootCredentials });
}, 60_000);

afterAll(() => {
  states.destroy();
  local.kill('SIGKILL');
  project.remove();
});

it('brings a saved pipeline live, and says what it took', { timeout: 60_000 }, async () => {
  const before = await machineOf('sales');
  project.write('pipelines/sales.ts', pipelineText('sales', 'amount > 5'));
  const told = await until(/live after [\d.]+ m?s/);
  expect(told).toContain('pipelines/sales.ts');
  expect(told).toMatch(/penstock-sales: .*updated/);
  const after = await machineOf('sales');
  expect(after.stateMachineArn).toBe(before.stateMachineArn);
  expect(after.definition).not.toBe(before.definition);
});

it('shows what is wrong with a change, goes on with what was there, and takes the next one', {
  timeout: 60_000,
}, async () => {
  const before = await machineOf('sales');
  project.write('pipelines/sales.ts', pipelineText('sales', 'amuont > 5'));
  const told = await until('what ran before goes on');
  expect(told).toContain('amuont');
  expect((await machineOf('sales')).definition).toBe(before.definition);
  project.write('pipelines/sales.ts', pipelineText('sales', 'amount > 6'));
  project.write('pipelines/refunds.ts', pipelineText('refunds', 'amount < 0'));
  expect(await until('live after')).toMatch(/penstock-refunds: .*created/);
  expect(await machineNames()).toHaveLength(2);
});

it('takes changes of what a pipeline imports, and removes pipelines', { timeout: 60_000 }, async () => {
  rmSync(join(project.folder, 'pipelines', 'refunds.ts'));
  project.write('amount.ts', `import * as z from 'zod';\nexport const amount = z.number().min(1);\n`);
  const told = await until('live after');
  expect(told).toMatch(/penstock-sales: .*updated/);
  expect(told).toMatch(/penstock-refunds: \d+ removed/);
  expect(await machineNames()).toHaveLength(1);
});

it('explains at the end what each role used, never used and was denied', { timeout: 60_000 }, async () => {
  const closed = new Promise<number | null>((resolve) => local.on('close', resolve));
  local.kill('SIGINT');
  expect(await closed).toBe(0);
  expect(said).toContain('access, by role');
  expect(said).toMatch(/penstock-sales-\S+\n {2}used +(nothing|\w+:\w+)/);
  expect(said).toMatch(/never used {2}dynamodb:\w+ on arn:aws:dynamodb/);
});
