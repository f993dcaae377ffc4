import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { compile } from '../../lib/compiler/index.ts';
import { pipelineFromYaml } from '../../lib/definition/index.ts';
import { formatPipeline } from '../../lib/definition/yaml/format-pipeline.ts';
import { components } from '../../lib/registry/components.ts';
import { TestProject } from '../cli/project.ts';
import { blocksOf, filesOf, readText } from './guide.ts';

it('the pipeline of the guide is in order, and the same in both forms', async () => {
  const files = filesOf(blocksOf(readText('docs/guides/contracts-and-yaml.md')));
  expect(formatPipeline(files['shop.yaml']!, 'shop.yaml')).toBe(files['shop.yaml']);
  const project = new TestProject(files);
  try {
    const { default: typescript } = await import(pathToFileURL(`${project.folder}/shop.ts`).href);
    const yaml = await pipelineFromYaml(`${project.folder}/shop.yaml`, components);
    expect((await compile(yaml)).digest).toBe((await compile(typescript)).digest);
  } finally {
    project.remove();
  }
});
