import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exportRejected } from '../../lib/cli/export-rejected.ts';
import type { Run } from '../../lib/cli/find-run.ts';
import type { Platform } from '../../lib/cli/platform.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

const nothing = {} as Platform;

test('a file that is there is not written over: it may hold corrections', async () => {
  const file = scratchFile('rejects.csv', 'corrected by hand\n');
  await expect(exportRejected(nothing, {} as Run, { file, filter: {}, neutralise: false })).rejects.toMatchObject({
    name: 'CommandUsageError',
    problem: 'the file exists, and may hold corrections',
    received: file,
    change: 'name another file, or remove it',
  });
  expect(readFileSync(file, 'utf8')).toBe('corrected by hand\n');
});
