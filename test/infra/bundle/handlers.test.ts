import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { compile } from '../../../lib/compiler/index.ts';
import { bundleHandlers, type HandlerBundle, type PipelineSource } from '../../../lib/infra/index.ts';
import { pipelineBundles } from '../../../lib/infra/stage-functions.ts';
import words from '../fixtures/app/pipelines/words.ts';
import { flightsPlan } from '../fixtures/flights-plan.ts';

const folder = fileURLToPath(new URL('../fixtures/bundle', import.meta.url));
let bundle: HandlerBundle | undefined;
afterEach(() => {
  bundle?.remove();
  bundle = undefined;
});

function probe(pipeline: PipelineSource): any {
  bundle = bundleHandlers({ bundles: { probe: ['probe'] }, folder, pipeline });
  return createRequire(import.meta.url)(join(bundle.codeOf('probe').folder, 'index.js'));
}

describe('the bundle of a pipeline', () => {
  it('holds the plan and the components that it names, and no other', async () => {
    const found = await probe({ plan: flightsPlan }).probe();
    expect(found).toMatchObject({
      pipeline: 'flights',
      components: ['aggregate', 'complete', 'enrich', 'lake', 's3'],
      functions: [],
    });
  });

  it('holds whatever a plan says, in the code that was built for another one of the same components', async () => {
    await probe({ plan: flightsPlan }).probe();
    const { metafile, remove } = bundle!;
    remove();
    const pipeline = `a "b" \`\${c}\` 'd' \\ $& \u2028`;
    expect(await probe({ plan: { ...flightsPlan, pipeline } }).probe()).toMatchObject({ pipeline });
    expect(bundle!.metafile).toEqual(metafile);
  });

  it('holds the functions of the user where the plan has steps that call them', async () => {
    const plan = await compile(words);
    const found = await probe({
      plan,
      file: fileURLToPath(new URL('../fixtures/app/pipelines/words.ts', import.meta.url)),
    }).probe();
    expect(found).toMatchObject({
      functions: [plan.nodes.find(({ component }) => component === 'map')!.id],
      called: [{ words: 2 }],
    });
  });

  it('refuses functions of the user without their file', async () => {
    const plan = await compile(words);
    expect(() => probe({ plan })).toThrow(expect.objectContaining({ code: 'BUNDLE_PIPELINE_FILE_NEEDED' }));
  });

  it('refuses a component that does not exist', () => {
    const plan = { ...flightsPlan, nodes: [{ ...flightsPlan.nodes[0]!, component: 'teleport' }] };
    expect(() => probe({ plan })).toThrow(expect.objectContaining({ code: 'BUNDLE_COMPONENT_MISSING' }));
  });

  it('keeps the names of error classes, which Retry and Catch match', async () => {
    expect((await probe({ plan: flightsPlan }).probe()).error).toBe('ProbeFailedError');
  });

  it('leaves the engine to the layer, and loads it in the way that finds layers', async () => {
    expect((await probe({ plan: flightsPlan }).probe()).engine).toContain('require("@duckdb/node-api")');
    expect(bundle!.bytes.probe).toBeLessThan(400_000);
  });
});

describe('the functions of Penstock', () => {
  it('bring the engine where they query, and nowhere else', () => {
    bundle = bundleHandlers({ bundles: pipelineBundles, pipeline: { plan: flightsPlan } });
    const querying = Object.entries(bundle.metafile.outputs).filter(([, { imports }]) =>
      imports.some(({ path }) => path.startsWith('@duckdb/')),
    );
    expect(querying.map(([path]) => basename(path))).toEqual(['queries.js']);
    expect(pipelineBundles.queries.toSorted()).toEqual(['assess', 'extract', 'release', 'worker']);
  });

  it('leave out what the plan does not use', () => {
    bundle = bundleHandlers({ bundles: pipelineBundles, pipeline: { plan: flightsPlan } });
    const sources = Object.keys(bundle.metafile.inputs).filter((path) => /^lib\/(connectors|operators)\//.test(path));
    expect(sources.map((path) => path.split('/').at(-1)).sort()).toEqual([
      'aggregate.ts',
      'complete.ts',
      'enrich.ts',
      'lake.ts',
      's3.ts',
    ]);
  });
});
