import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

/** The folder of the local state of the project in the current folder, or a folder in it, which is made. */
export function stateFolder(...inner: readonly string[]): string {
  const folder = resolve('.penstock', ...inner);
  mkdirSync(folder, { recursive: true });
  return folder;
}
