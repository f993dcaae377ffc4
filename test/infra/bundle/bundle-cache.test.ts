import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { builtOnce } from '../../../lib/infra/bundle/bundle-cache.ts';
import { cacheFolder } from '../../../lib/infra/bundle/cache-folder.ts';

const kind = `test-${process.pid}`;
let folder: string;
let input: string;
let builds: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'penstock-cache-test-'));
  input = join(folder, 'input.ts');
  writeFileSync(input, 'one');
  builds = 0;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  for (const name of readdirSync(cacheFolder())) if (name.startsWith(kind)) rmSync(join(cacheFolder(), name));
});

function build(key: object = { plan: 1 }) {
  return builtOnce(kind, key, () => {
    builds += 1;
    return {
      code: { worker: `build ${builds}` },
      metafile: { inputs: { [input]: { bytes: 3, imports: [] } }, outputs: {} },
    };
  });
}

it('builds once where nothing changed', () => {
  expect([build(), build()].map(({ code }) => code.worker)).toEqual(['build 1', 'build 1']);
});

it('builds anew for another key', () => {
  build();
  expect(build({ plan: 2 }).code.worker).toBe('build 2');
});

it('builds anew when a file that went in has another size', () => {
  build();
  writeFileSync(input, 'longer');
  expect(build().code.worker).toBe('build 2');
});

it('builds anew when a file that went in was written again', () => {
  build();
  utimesSync(input, new Date(0), new Date(0));
  expect(build().code.worker).toBe('build 2');
});

it('builds anew when a file of the same size, and with the time of the first, was put in its place', () => {
  utimesSync(input, new Date(0), new Date(0));
  build();
  writeFileSync(input, 'two');
  utimesSync(input, new Date(0), new Date(0));
  expect(build().code.worker).toBe('build 2');
});

it('builds anew when a file that went in is gone', () => {
  build();
  rmSync(input);
  expect(build().code.worker).toBe('build 2');
});
