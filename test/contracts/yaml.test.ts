import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { compile } from '../../lib/compiler/index.ts';
import type { Step } from '../../lib/component/operator.ts';
import { readPipeline } from '../../lib/definition/yaml/read-pipeline.ts';
import { lake, pipeline } from '../../lib/index.ts';
import { components } from '../../lib/registry/components.ts';
import { samplesWith } from './samples.ts';
import { hostile, mainDataset, sideDataset } from './table.ts';

/** Steps of every operator that takes nothing but options. What is no option has another form in YAML, and tests of its own. */
const branches = samplesWith('step').flatMap(({ sample }) => {
  const whole = [sample.step(hostile, sideDataset())]
    .flat()
    .map((step) => [...(sample.prepare?.(hostile) ?? []), step]);
  return whole.filter((steps) => steps.every(({ side, others, call }) => !side && !others && !call));
});

test('every operator says the same in YAML, under whatever names', async () => {
  const main = mainDataset(hostile);
  const outputs = branches.map((steps, index) => main.pipe(...steps).to(lake({ table: `of_${index}` })));
  const written = ({ operator, options }: Step) => ({ [operator.component]: options });
  const text = stringify({
    pipeline: 'branches',
    sources: {
      main: {
        from: { s3: { prefix: 'landing/main/', format: 'ndjson' } },
        contract: {
          columns: { [hostile.text]: 'string?', [hostile.number]: 'integer?', [hostile.day]: 'date?' },
        },
      },
    },
    datasets: Object.fromEntries(
      branches.map((steps, index) => [`made_${index}`, { from: 'main', pipe: steps.map(written) }]),
    ),
    outputs: branches.map((_, index) => ({ from: `made_${index}`, to: { lake: { table: `of_${index}` } } })),
  });
  const surroundings = { components, readText: async () => '', importModule: async () => ({}) };
  const [wanted, read] = await Promise.all([
    compile(pipeline('branches', { outputs })),
    readPipeline(text, 'branches.yaml', surroundings).then(compile),
  ]);
  expect(branches.length).toBeGreaterThan(15);
  expect(read.nodes).toEqual(wanted.nodes);
  expect(read.digest).toBe(wanted.digest);
});
