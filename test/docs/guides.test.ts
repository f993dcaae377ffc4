import { spawnSync } from 'node:child_process';
import { readdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestProject } from '../cli/project.ts';
import { startProject } from '../cli/project-platform.ts';
import type { InProcessApp } from '../fixtures/in-process-app.ts';
import { blocksOf, commandsOf, filesOf, isPromised, readText } from './guide.ts';

const root = resolve(import.meta.dirname, '../..');
/** In the order in which a reader takes them: the second speaks of the runs of the first. */
const guides = ['writing-a-pipeline.md', 'looking-at-runs.md'].map((name) => ({
  name,
  blocks: blocksOf(readText(`docs/guides/${name}`)),
}));
const blocks = guides.flatMap((guide) => guide.blocks);
const project = new TestProject();
let app: InProcessApp | undefined;

afterAll(async () => {
  await app?.close();
  project.remove();
});

it('the types of the snippets are in order', () => {
  for (const [path, text] of Object.entries(filesOf(blocks))) project.write(path, text);
  symlinkSync(join(root, 'node_modules', '@types'), join(project.folder, 'node_modules', '@types'));
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2024',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    types: ['node'],
  };
  project.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['pipelines'] }));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // Several checkers would each check what all files import.
  const args = [tsc, '-p', project.folder, '--singleThreaded'];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  // The sources of penstock itself are checked elsewhere, under their own options.
  expect(stdout.split('\n').filter((line) => /pipelines\/\w+\.ts\(/.test(line))).toEqual([]);
  expect(status).not.toBeNull();
});

it('a mistake is shown as the guide says', async () => {
  const [mistake] = blocks.filter(({ note }) => note === 'mistake');
  const file = 'pipelines/orders.ts';
  const text = filesOf(blocks)[file]!;
  const wrong = new TestProject({ [file]: text.replace("'amount > 0'", "'amout > 0'") });
  try {
    const { code, out } = await wrong.run('validate');
    expect(code).toBe(1);
    expect(out).toContain(mistake!.text);
  } finally {
    wrong.remove();
  }
});

describe('the commands of the guides', () => {
  beforeAll(async () => {
    app = await startProject(project);
  });

  const commands = guides.flatMap(({ name, blocks: own }) =>
    commandsOf(own)
      .filter(({ line }) => line !== 'npx penstock local')
      .map((command): [string, typeof command] => [`${name}: ${command.line}`, command]),
  );

  it.each(commands)('%s', async (_, { args, promised }) => {
    const { code, out, err } = await project.run(...args);
    expect(err).toBe('');
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(
      promised.filter((one) => !lines.some((line) => isPromised(line, one))),
      out,
    ).toEqual([]);
  });
});

it('links between guides and to files lead somewhere', () => {
  const folder = 'docs/guides';
  for (const name of readdirSync(resolve(root, folder))) {
    for (const [, target] of readText(`${folder}/${name}`).matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect(() => readText(join(folder, target!)), `${name} → ${target}`).not.toThrow();
  }
});
