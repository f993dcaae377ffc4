import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../lib/compiler/index.ts';
import { functionSources, pipelineFromYaml, userFunctions } from '../../../lib/definition/index.ts';
import { bundleHandlers } from '../../../lib/infra/index.ts';
import { components } from '../../../lib/registry/components.ts';
import { shipped } from '../../fixtures/engine/shipped.ts';

const file = (name: string) => join(import.meta.dirname, 'pipelines', `${name}.yaml`);

describe.each(shipped)('the pipeline $name in YAML', ({ name, definition }) => {
  it('becomes the same plan as the one in TypeScript', async () => {
    const read = await pipelineFromYaml(file(name), components);
    const [fromYaml, fromTypeScript] = await Promise.all([compile(read), compile(definition)]);
    expect(fromYaml).toEqual(fromTypeScript);
    expect(fromYaml.digest).toBe(fromTypeScript.digest);
  });

  it('has the same functions at the same steps', async () => {
    const read = await pipelineFromYaml(file(name), components);
    expect(Object.keys(userFunctions(read))).toEqual(Object.keys(userFunctions(definition)));
  });
});

describe('the function of a YAML pipeline', () => {
  it('is bundled from its module', async () => {
    const read = await pipelineFromYaml(file('movies'), components);
    const bundle = bundleHandlers({
      bundles: { probe: ['probe'] },
      folder: join(import.meta.dirname, '../../infra/fixtures/bundle'),
      pipeline: { plan: await compile(read), file: file('movies'), functions: functionSources(read) },
    });
    try {
      const { probe } = createRequire(import.meta.url)(join(bundle.codeOf('probe').folder, 'index.js'));
      expect(await probe()).toMatchObject({
        functions: ['movies.7-map'],
        called: [{ title: 'two words', genre: 'Unknown', verdict: 'flop' }],
      });
    } finally {
      bundle.remove();
    }
  });
});
