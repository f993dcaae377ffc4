import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../package-root.ts';

/** Folder for what is made once and used at each synthesis: `.cache/penstock` in the node_modules that holds our packages. */
export function cacheFolder(): string {
  const folder = join(modulesFolder(), '.cache', 'penstock');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Either the package's own node_modules, or the one that it lies in. */
function modulesFolder(): string {
  for (let folder = packageRoot; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (existsSync(join(modules, 'aws-cdk-lib'))) return modules;
    if (folder === dirname(folder)) return join(packageRoot, 'node_modules');
  }
}
