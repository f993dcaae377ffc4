import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { connectors } from '../../lib/registry/connectors.ts';
import { operators } from '../../lib/registry/operators.ts';
import type { Sample } from './sample.ts';

/** Every component there is. */
export const components: Readonly<Record<string, any>> = { ...connectors, ...operators };

const pathOf = (name: string) => join(import.meta.dirname, 'samples', `${name}.ts`);
const names = Object.keys(components).filter((name) => existsSync(pathOf(name)));

/** How each of them is used, by name. */
export const samples: Readonly<Record<string, Sample>> = Object.fromEntries(
  await Promise.all(names.map(async (name) => [name, (await import(pathOf(name))).default])),
);

/** Those of operators, or of rules. */
export function samplesWith<Key extends 'step' | 'rule'>(key: Key) {
  return Object.entries(samples).flatMap(([name, sample]) =>
    key in sample ? [{ name, sample: sample as Extract<Sample, Record<Key, unknown>> }] : [],
  );
}
