import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as authoring from '../../lib/registry/authoring.ts';
import { connectors } from '../../lib/registry/connectors.ts';
import { operators } from '../../lib/registry/operators.ts';

const root = join(import.meta.dirname, '../..');

test('the registry is what the generator makes of the folders today', () => {
  const script = join(root, 'lib/registry/generate.ts');
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
});

test.each([
  ['connectors', connectors],
  ['operators', operators],
])('every file of %s is in the registry, and nothing else', (folder, registry) => {
  const files = readdirSync(join(root, 'lib', folder)).map((file) => file.replace(/\.ts$/, ''));
  expect(Object.keys(registry)).toEqual(files.sort());
});

test('a pipeline file can import every component', () => {
  for (const component of Object.values({ ...connectors, ...operators }))
    expect(Object.values(authoring)).toContain(component);
});
