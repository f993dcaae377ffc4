import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a folder for what outlives the test files of a worker. Workers are ended without being asked: it goes when all are through. */
export default function makeRunFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'penstock-tests-'));
  process.env.PENSTOCK_TEST_RUN_FOLDER = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
