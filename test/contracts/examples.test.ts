import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import * as penstock from '../../lib/index.ts';
import { connectors } from '../../lib/registry/connectors.ts';
import { operators } from '../../lib/registry/operators.ts';

const root = join(import.meta.dirname, '../..');
const components: Readonly<Record<string, any>> = { ...connectors, ...operators };

const files = ['lib/connectors/*.ts', 'lib/operators/*.ts', 'lib/definition/*.ts'].flatMap((pattern) =>
  globSync(pattern, { cwd: root }),
);
const examples = files.flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^\s*\*\s*@example (.+)$/gm)].map((match) => ({
    file,
    code: match[1]!,
  })),
);

/** Names that the examples use beside the library's own. */
const surroundings: Readonly<Record<string, unknown>> = {
  ...penstock,
  z,
  ...Object.fromEntries(['airports', 'calendar', 'ledger'].map((name) => [name, datasetOf(name)])),
};

function datasetOf(name: string) {
  return penstock.from(penstock.s3({ key: `reference/${name}.csv` }), z.object({ iata: z.string() }));
}

const camel = (name: string) => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

test.each(examples)('$file: $code', ({ file, code }) => {
  const made = new Function(...Object.keys(surroundings), `return ${code};`)(...Object.values(surroundings));
  const own = components[basename(file, '.ts')];
  if (!own || file.startsWith('lib/definition')) return;
  expect(code.startsWith(`${camel(own.component)}(`), 'an example shows its own component').toBe(true);
  const either = own.source?.schema.safeParse(made.options).success ? own.source : own.sink;
  const side = { source: own.source, sink: own.sink, either }[made.kind as string] ?? own;
  expect(side.schema.safeParse(made.options).error?.issues ?? []).toEqual([]);
});

test('every component has an example', () => {
  const shown = new Set(examples.map(({ file }) => basename(file, '.ts')));
  expect(Object.keys(components).filter((name) => !shown.has(name))).toEqual([]);
});
