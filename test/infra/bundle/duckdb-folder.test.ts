import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { duckdbFolder } from '../../../lib/infra/bundle/duckdb-folder.ts';

describe('the layer of the engine', () => {
  const { folder, version, platform } = duckdbFolder();
  const modules = join(folder, 'nodejs', 'node_modules');

  it('holds the native package of Lambda, and of no other platform', () => {
    expect(platform).toBe('linux-x64');
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    const native = readdirSync(join(modules, '@duckdb')).filter((name) => /-(linux|darwin|win32)-/.test(name));
    expect(native).toEqual(['node-bindings-linux-x64']);
    expect(existsSync(join(modules, 'detect-libc'))).toBe(true);
  });

  it.runIf(process.platform === 'linux' && process.arch === 'x64')(
    'answers a query where nothing else is installed',
    async () => {
      const script = `
      const { DuckDBInstance } = require('@duckdb/node-api');
      DuckDBInstance.create(':memory:').then(async (instance) => {
        const reader = await (await instance.connect()).runAndReadAll('SELECT 41 + 1 AS answer');
        console.log(reader.getRows()[0][0]);
      });`;
      // As Lambda finds layers: by NODE_PATH alone.
      const run = promisify(execFile)(process.execPath, ['-e', script], { cwd: tmpdir(), env: { NODE_PATH: modules } });
      expect((await run).stdout.trim()).toBe('42');
    },
  );
});
