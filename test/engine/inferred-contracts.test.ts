import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { typescriptContract } from '../../lib/cli/infer/typescript-contract.ts';
import { inferFile } from '../../lib/engine/index.ts';
import { from, lake, pipeline, s3, sanitize, unique } from '../../lib/index.ts';
import { TestProject } from '../cli/project.ts';
import { expectBalance } from '../fixtures/engine/balance.ts';
import { compiled, run } from '../fixtures/engine/in-process-run.ts';

const folder = join(import.meta.dirname, '../../node_modules/vega-datasets/data');
// A project, so that what they import is found.
const project = new TestProject();
afterAll(() => project.remove());

// Columns with spaces and signs, lists, nothing but nulls, tabs, code-like numbers.
test.each([
  'penguins.json',
  'weekly-weather.json',
  'londonCentroids.json',
  'ohlc.json',
  'unemployment.tsv',
  'la-riots.csv',
  'iowa-electricity.csv',
  'lookup_people.csv',
])('what is inferred from %s takes all of its rows', async (file) => {
  const path = join(folder, file);
  const format = file.endsWith('.json') ? 'json' : 'csv';
  const { rows, delimiter, key, columns } = await inferFile(path, format);
  const inferred = { format, rows, ...(delimiter && { delimiter }), ...(key && { key }), columns } as const;
  const module = project.write(`contracts/${file}.ts`, typescriptContract(inferred, { name: 'found', from: file }));
  const [contract] = Object.values<any>(await import(pathToFileURL(module).href));
  const source = from(s3({ prefix: 'landing/found/', format, ...(delimiter && { delimiter }) }), contract);
  const quality = key === undefined ? [] : [unique([key])];
  const code = await compiled(
    pipeline('found', { outputs: [source.pipe(sanitize()).to(lake({ table: 'found' }))], quality }),
  );
  const result = await run(code, { [code.plan.nodes[0]!.id]: [{ path }] });
  expectBalance(result);
  expect(result.steps.at(-1)).toMatchObject({ rowsIn: rows, rowsOut: rows, rejected: 0 });
});
