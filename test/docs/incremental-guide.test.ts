import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { compile } from '../../lib/compiler/index.ts';
import { TestProject } from '../cli/project.ts';
import { blocksOf, filesOf, readText } from './guide.ts';

it('the pipelines of the guide to incremental work are in order', async () => {
  const files = filesOf(blocksOf(readText('docs/guides/incremental-work.md')));
  expect(Object.keys(files)).toEqual(['sales.ts', 'changes.ts', 'lines.ts']);
  const project = new TestProject(files);
  try {
    for (const file of Object.keys(files)) {
      const { default: definition } = await import(pathToFileURL(`${project.folder}/${file}`).href);
      expect((await compile(definition)).pipeline).toBe(file.replace('.ts', ''));
    }
  } finally {
    project.remove();
  }
});
