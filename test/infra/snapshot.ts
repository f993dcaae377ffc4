import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/**
 * Compares with a file of `snapshots/`. Only `UPDATE_SNAPSHOTS=1 npx vitest run test/infra` writes it: a test that
 * rewrites what it compares with cannot fail.
 */
export function expectSnapshot(name: string, value: unknown): void {
  const file = fileURLToPath(new URL(`snapshots/${name}`, import.meta.url));
  if (process.env.UPDATE_SNAPSHOTS === '1') writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(value)));
}
