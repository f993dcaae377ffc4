import { existsSync, globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** What a folder may import: other folders, and packages from the registry; itself and what Node brings always. */
interface Rule {
  readonly folders: readonly string[];
  readonly packages?: readonly string[];
}

/** The table of design.md. `penstock` is the public door, as pipeline files use it. */
const rules: Readonly<Record<string, Rule>> = {
  bin: { folders: ['lib/infra', 'lib/cli', 'lib/definition', 'lib/compiler'], packages: ['aws-cdk-lib', 'constructs'] },
  // The public door has no code of its own.
  lib: { folders: ['lib/definition', 'lib/registry'] },
  'lib/core': { folders: [] },
  'lib/component': { folders: ['lib/core'], packages: ['zod'] },
  'lib/connectors': { folders: ['lib/core', 'lib/component'], packages: ['zod'] },
  'lib/operators': { folders: ['lib/core', 'lib/component'], packages: ['zod'] },
  'lib/registry': { folders: ['lib/component', 'lib/connectors', 'lib/operators'], packages: ['zod'] },
  'lib/definition': { folders: ['lib/core', 'lib/component'], packages: ['zod', 'yaml'] },
  'lib/compiler': { folders: ['lib/core', 'lib/component', 'lib/definition', 'lib/engine'], packages: ['zod'] },
  'lib/engine': { folders: ['lib/core', 'lib/component'], packages: ['@duckdb/node-api'] },
  'lib/iceberg': { folders: ['lib/core', 'lib/component'], packages: ['avsc'] },
  'lib/runtime': { folders: ['lib/core', 'lib/component', 'lib/engine', 'lib/iceberg'], packages: ['zod'] },
  'lib/aws': { folders: ['lib/core', 'lib/runtime'], packages: ['@aws-sdk/*', '@smithy/*'] },
  'lib/infra': {
    folders: ['lib/core', 'lib/component', 'lib/compiler'],
    packages: ['aws-cdk-lib', 'constructs', 'esbuild', 'cdk-nag', 'zod'],
  },
  'lib/cli': {
    folders: ['lib/core', 'lib/definition', 'lib/compiler', 'lib/registry', 'local', 'lib/aws'],
    packages: ['commander', '@aws-sdk/*', 'zod', 'yaml'],
  },
  functions: {
    folders: ['lib/core', 'lib/runtime', 'lib/registry', 'lib/aws'],
    packages: ['@middy/*', '@aws-lambda-powertools/*', '@aws-sdk/*', 'aws-lambda', 'zod', 'penstock:pipeline'],
  },
  local: { folders: ['lib/core'], packages: ['*'] },
  pipelines: { folders: ['penstock'], packages: ['zod'] },
};

/** Edges beyond the table, each with its reason. One that is no longer needed fails the test. */
const waivers: Readonly<Record<string, string>> = {
  'lib/runtime → json-schema-to-typescript': 'the script that writes the types of lineage events; no worker imports it',
  'functions → lib/component': "types only: the plan in the bundled pipeline's declaration",
  'lib/cli → lib/component': 'the plan that the commands print, and the lineage of its columns',
  'lib/cli → lib/engine': '`query` and `rejects` run SQL on the files of the lake, `infer` on a file',
};

/** Files of these folders are components: one file each, and none knows of another. */
const apart = ['lib/connectors', 'lib/operators'];
const folders = Object.keys(rules);

interface Edge {
  readonly file: string;
  readonly from: string;
  /** Folder, or package. */
  readonly to: string;
  readonly package: boolean;
  readonly target: string;
}

/** Every import of a file, types and late ones included. */
function importsOf(file: string): string[] {
  const code = readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');
  const forms = [
    /\b(?:import|export)\s[^'";]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /\bimport\s*['"]([^'"]+)['"]/g,
    /\bimport\(\s*['"]([^'"]+)['"]/g,
    /\brequire(?:\.resolve)?\(\s*['"]([^'"]+)['"]/g,
  ];
  const found = forms.flatMap((form) => [...code.matchAll(form)].map((match) => match[1]!));
  // What stands in a template is text that a script writes.
  return found.filter((specifier) => /^[\w@.:/-]+$/.test(specifier));
}

function folderOf(file: string): string {
  return folders.filter((folder) => file.startsWith(`${folder}/`)).sort((a, b) => b.length - a.length)[0] ?? file;
}

function edgeOf(file: string, specifier: string): Edge | undefined {
  if (isBuiltin(specifier)) return undefined;
  const from = folderOf(file);
  if (specifier.startsWith('.')) {
    const target = relative(root, join(root, dirname(file), specifier));
    return { file, from, to: folderOf(target), package: false, target };
  }
  const [scope, name] = specifier.split('/');
  const to = scope!.startsWith('@') ? `${scope}/${name}` : scope!;
  return { file, from, to, package: to !== 'penstock', target: specifier };
}

function edges(): Edge[] {
  return globSync('{bin,lib,functions,local,pipelines}/**/*.{ts,tsx,mts}', { cwd: root }).flatMap((file) =>
    importsOf(file).flatMap((specifier) => edgeOf(file, specifier) ?? []),
  );
}

function isAllowed({ file, from, to, package: isPackage, target }: Edge): boolean {
  const rule = rules[from]!;
  if (isPackage)
    return (rule.packages ?? []).some((one) => one === to || (one.endsWith('*') && to.startsWith(one.slice(0, -1))));
  if (from === to) return !apart.includes(from) || file === target;
  return rule.folders.includes(to);
}

test('no file imports what the table of the design does not let it', () => {
  const broken = edges().filter((edge) => !isAllowed(edge) && !waivers[`${edge.from} → ${edge.to}`]);
  expect(broken.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
});

test('every waiver is still needed', () => {
  const used = new Set(edges().flatMap((edge) => (isAllowed(edge) ? [] : [`${edge.from} → ${edge.to}`])));
  expect(Object.keys(waivers).filter((waiver) => !used.has(waiver))).toEqual([]);
});

test('a driver is imported late, so that synthesis needs none', () => {
  const early = globSync('lib/connectors/*.ts', { cwd: root }).filter((file) =>
    /^import (?!type)[^;]*from ['"](?!\.|zod|node:)/m.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(early).toEqual([]);
});

test('every folder of the table is there', () => {
  expect(folders.filter((folder) => !existsSync(join(root, folder)))).toEqual([]);
});

test('the rule sees types, late imports and exports', () => {
  const found = edges().map(({ from, to }) => `${from} → ${to}`);
  expect(found).toContain('lib/compiler → lib/engine');
  expect(found).toContain('lib → lib/registry');
  expect(found).toContain('lib/engine → @duckdb/node-api');
  expect(found).toContain('pipelines → penstock');
});
