import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CompiledPipeline, compiledPipelines } from '../../lib/cli/project.ts';
import { userFunctions } from '../../lib/definition/index.ts';
import { bundleHandlers } from '../../lib/infra/index.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { run, tableFiles } from '../fixtures/engine/in-process-run.ts';
import { TestProject } from './project.ts';

const shop = `pipeline: shop
on:
  - fileArrives: landing/sales/
sources:
  sales:
    from: { s3: { prefix: landing/sales/, format: csv } }
    contract: contracts/sales.yaml
datasets:
  doubled:
    from: sales
    pipe:
      - filter: '"order" > 0'
      - map: { module: ../functions/double.ts, export: double, returns: { shop: string, twice: number } }
  byShop:
    from: doubled
    pipe:
      - aggregate: { by: [shop], measures: { total: sum(twice) } }
outputs:
  - from: byShop
    to: { lake: shops }
`;
const sales = `apiVersion: v3.1.0
kind: DataContract
id: sales
version: 1.0.0
status: active
schema:
  - name: sales
    properties:
      - { name: order, logicalType: integer, required: true }
      - { name: shop, logicalType: string, required: true }
      - { name: amount, logicalType: number, required: true }
`;

const project = new TestProject({
  'pipelines/shop.yaml': shop,
  'pipelines/contracts/sales.yaml': sales,
  'pipelines/rows.ts': `import { from, lake, pipeline, s3 } from 'penstock';
import * as z from 'zod';
export default pipeline('rows', { outputs: [from(s3({ key: 'landing/rows.csv' }), z.object({ a: z.string() })).to(lake({ table: 'rows' }))] });
`,
  'functions/double.ts':
    'export const double = ({ shop, amount }: any) => ({ shop, twice: amount === 13 ? fail() : amount * 2 });\nfunction fail(): never { throw new Error("unlucky"); }\n',
});
const before = process.cwd();
let compiled: CompiledPipeline;

beforeAll(async () => {
  process.chdir(project.folder);
  compiled = (await compiledPipelines()).find(({ plan }) => plan.pipeline === 'shop')!;
});
afterAll(() => {
  process.chdir(before);
  project.remove();
});

it('stands beside those in TypeScript: validated, formatted and planned', async () => {
  const { code, out } = await project.run('validate');
  expect([code, out.match(/✓ \w+/g)]).toEqual([0, ['✓ rows', '✓ shop']]);
  expect((await project.run('fmt', '--check')).code).toBe(0);
  const { plan, lineage } = await project.json('plan', 'shop');
  expect(plan.digest).toBe(compiled.plan.digest);
  expect(lineage.shops.total).toEqual(['sales.order', 'sales.shop', 'sales.amount']);
});

it('is handed to the CDK app with the module of its function, which is bundled into its worker', () => {
  const bundle = bundleHandlers({
    bundles: { probe: ['probe'] },
    folder: resolve(import.meta.dirname, '../infra/fixtures/bundle'),
    pipeline: compiled,
  });
  const code = readFileSync(join(bundle.codeOf('probe').folder, 'index.js'), 'utf8');
  bundle.remove();
  expect(code).toContain('unlucky');
});

it('runs from its files to its tables, with its function and its contract', async () => {
  const path = project.write('sales.csv', 'order,shop,amount\n1,a,10\n1,b,20\n0,a,5\n1,a,13\nx,a,1\n2,a,1.5\n');
  const result = await run(
    { plan: compiled.plan, functions: userFunctions(compiled.definition) },
    { sales: [{ path, key: 'landing/sales/sales.csv' }] },
  );
  const [file] = tableFiles(result, 'shops');
  expect(await query(`FROM '${file}' ORDER BY shop`)).toEqual([
    { shop: 'a', total: 23 },
    { shop: 'b', total: 40 },
  ]);
  const counts = result.steps.map(({ node, rejected, filtered }) => [node, rejected, filtered]);
  expect(counts.slice(0, 3)).toEqual([
    ['sales', 1, 0],
    ['sales.1-filter', 0, 1],
    ['sales.2-map', 1, 0],
  ]);
});
