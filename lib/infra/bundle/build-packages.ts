import { dirname, join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { type Built, runEsbuild } from './run-esbuild.ts';
import type { Taken } from './taken-names.ts';

/** Where the code of a bundle finds its packages, beside itself. */
export const packagesFile = 'packages.js';

/**
 * What the code of a bundle begins with: then `require` gives packages out of the file beside it, and else does what it
 * did.
 */
export const packagesPrologue = `require=(own=>{const packages=own("./${packagesFile}");return name=>Object.hasOwn(packages,name)?packages[name]:own(name)})(require);`;

/** Builds, for each bundle, the names that it takes from packages: one module, which exports each package by its name. */
export function buildPackages(names: Taken['names']): Built {
  const modules: Record<string, string> = {};
  const entries = Object.entries(names).map(([bundle, taken]) => {
    const lines = Object.entries(taken).map(([name, listed], index) => {
      if (listed.includes('default')) return `export { default as ${quoted(name)} } from ${quoted(name)};`;
      modules[`${bundle}:${index}`] = `export { ${listed.join(', ')} } from ${quoted(name)};`;
      return `export * as ${quoted(name)} from ${quoted(`${bundle}:${index}`)};`;
    });
    return [bundle, lines.join('\n')] as const;
  });
  return runEsbuild({ entries: Object.fromEntries(entries), modules }, { nodePaths: folders(packageRoot) });
}

/** Where Node looks for packages that are imported in a folder. */
function folders(folder: string): string[] {
  const above = dirname(folder);
  return [join(folder, 'node_modules'), ...(above === folder ? [] : folders(above))];
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
