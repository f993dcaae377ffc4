import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

/**
 * They need only Node, but take half a minute of the four that `npm test` may take; what they hold is held by others on
 * smaller data or with fewer commands. CI plays them, with `PENSTOCK_TEST_DEPTH=full`.
 */
const long = [
  'test/cli/local.test.ts',
  'test/docs/guides.test.ts',
  'test/e2e/bad-input.test.ts',
  'test/e2e/watch.test.ts',
  'test/engine/skew.test.ts',
];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These need a program that is not in the registry of npm: CI installs it and names it here.
    exclude: [
      ...(process.env.PYICEBERG_PYTHON ? [] : ['test/servers/**']),
      ...(process.env.PENSTOCK_TEST_DEPTH === 'full' ? [] : long),
    ],
    sequence: { sequencer: LongestFirst },
    globalSetup: ['test/run-folder.ts'],
    setupFiles: ['test/setup.ts'],
    pool: 'forks',
    // Loading CDK, DuckDB and the SDK anew for each of the files is a seventh of all the work.
    isolate: false,
    // One more than a small machine has cores: a fifth of the time of each goes to waiting, for processes that tests start
    // and for what is looked at once in a while.
    maxWorkers: 3,
    // Tests make much that is soon forgotten: with more room for it, a twentieth less of the work is collecting it. And what
    // workers have loaded is large: they look through all of it for each 64 MB of buffers that come and go, which is a sixth
    // of all work, unless buffers count against the same limit as the rest, and that is not reached at once.
    execArgv: [
      '--max-semi-space-size=64',
      '--external-memory-accounted-in-global-limit',
      '--initial-old-space-size=704',
    ],
    // Node takes TypeScript as it is: what is tested is what runs, and nothing is translated for the tests alone.
    // No module is mocked: to look for that in each file takes it through the compiler once more.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // For the processes that tests start: half of what they do at their start is compiling. The folder is Node's own choice.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
