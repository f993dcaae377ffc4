import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { TestProject } from './project.ts';

const ragged = "outputs: [{to: {lake: 't'}, from: a}]\n# why\npipeline: 'shop'\n";
const project = new TestProject({ 'pipelines/shop.yaml': ragged, 'pipelines/other.ts': 'export {};' });
afterAll(() => project.remove());

it('fmt --check names what it would write, and writes nothing', async () => {
  const { code, out } = await project.run('fmt', '--check');
  expect([code, out]).toEqual([1, '  not formatted  pipelines/shop.yaml\n1 file, 1 not as fmt would write it\n']);
  expect(readFileSync(resolve(project.folder, 'pipelines/shop.yaml'), 'utf8')).toBe(ragged);
});

it('fmt writes, and then has nothing to write', async () => {
  expect(await project.json('fmt')).toEqual([{ file: 'pipelines/shop.yaml', changed: true }]);
  expect(readFileSync(resolve(project.folder, 'pipelines/shop.yaml'), 'utf8')).toBe(
    '# why\npipeline: shop\noutputs:\n  - from: a\n    to: { lake: t }\n',
  );
  expect((await project.run('fmt', '--check')).code).toBe(0);
});

it.each([
  ['a TypeScript file', 'pipelines/other.ts', 'only YAML pipelines are formatted'],
  ['a file that is not there', 'pipelines/gone.yaml', 'ENOENT'],
])('fmt refuses %s', async (_, file, problem) => {
  const { code, err } = await project.run('fmt', file);
  expect([code, err.includes(problem), err.includes('change')]).toEqual([1, true, true]);
});

it('schema shows the schema, writes it, and tells a stale file', async () => {
  const shown = await project.json('schema');
  expect(shown.$schema).toContain('2020-12');
  expect(JSON.parse((await project.run('schema')).out)).toEqual(shown);
  expect(await project.json('schema', '--out', 'schema.json')).toEqual({ file: 'schema.json' });
  expect((await project.run('schema', '--check', 'schema.json')).code).toBe(0);
  project.write('schema.json', '{}');
  const { code, out } = await project.run('schema', '--check', 'schema.json');
  expect([code, out]).toEqual([1, 'schema.json is stale: run penstock schema --out schema.json\n']);
  expect((await project.run('schema', '--out', 'gone/schema.json')).err).toContain('name another file');
});
