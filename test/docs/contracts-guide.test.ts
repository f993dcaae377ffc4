import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { outputText } from '../../lib/cli/output-text.ts';
import { compile } from '../../lib/compiler/index.ts';
import type { OutputNode } from '../../lib/component/plan.ts';
import { pipelineFromYaml } from '../../lib/definition/index.ts';
import { formatPipeline } from '../../lib/definition/yaml/format-pipeline.ts';
import { components } from '../../lib/registry/components.ts';
import { TestProject } from '../cli/project.ts';
import { blocksOf, filesOf, readText } from './guide.ts';

const files = filesOf(blocksOf(readText('docs/guides/contracts-and-yaml.md')));

it('the pipeline of the guide is in order, and the same in both forms', async () => {
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

it('the pipeline that renames a column is in order, and its plan says so', async () => {
  const project = new TestProject(files);
  try {
    const { default: orders } = await import(pathToFileURL(`${project.folder}/orders.ts`).href);
    const { nodes } = await compile(orders);
    expect(nodes.at(-1)).toMatchObject({ table: 'orders', renamed: { customer: 'client' } });
    expect(outputText(nodes.at(-1) as OutputNode)).toContain('customer was called client');
  } finally {
    project.remove();
  }
});
