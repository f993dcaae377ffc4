import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { compile } from '../../../lib/compiler/index.ts';
import { buildApart } from '../../../lib/infra/bundle/build-apart.ts';
import { pipelineModule } from '../../../lib/infra/bundle/pipeline-module.ts';
import { bundleHandlers, type HandlerBundle, type PipelineSource } from '../../../lib/infra/index.ts';
import { packageRoot } from '../../../lib/infra/package-root.ts';
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

  it('come in two files, of which the one with the packages is the same for all pipelines', async () => {
    const readBundles = (pipeline: PipelineSource) => {
      bundle = bundleHandlers({ bundles: pipelineBundles, pipeline });
      const read = (name: string) => readFileSync(join(bundle!.codeOf('initialize').folder, name), 'utf8');
      const files = { own: read('index.js'), packages: read('packages.js') };
      bundle.remove();
      return files;
    };
    const flights = readBundles({ plan: flightsPlan });
    const file = fileURLToPath(new URL('../fixtures/app/pipelines/words.ts', import.meta.url));
    const other = readBundles({ plan: await compile(words), file });
    bundle = undefined;
    expect(other.own).not.toBe(flights.own);
    expect(other.packages).toBe(flights.packages);
    expect(flights.own.length).toBeLessThan(350_000);
  });

  it('are not parted from packages of which the user takes something', async () => {
    const plan = await compile(words);
    const node = plan.nodes.find(({ component }) => component === 'map')!.id;
    const partedWith = (module: string, name: string) => {
      const pipeline = { plan, functions: { [node]: { module, export: name } } };
      const props = { bundles: pipelineBundles, folder: join(packageRoot, 'functions') };
      return buildApart({ ...props, pipelineModule: pipelineModule(pipeline) }, plan);
    };
    expect(partedWith(join(folder, 'putting.ts'), 'putting')).toBeUndefined();
    expect(Object.keys(partedWith(join(folder, 'probe.ts'), 'handler')!.packages)).toEqual(['queries', 'steps']);
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
