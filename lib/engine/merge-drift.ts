import type { SchemaDrift } from './chunk.ts';

const mostFiles = 10;

/** The same differences of several files as one each, in the order in which they were found. */
export function mergeDrift(all: readonly SchemaDrift[]): SchemaDrift[] {
  const once = new Map<string, SchemaDrift>();
  for (const one of all) {
    const { change, column, found, action } = one;
    const name = JSON.stringify([change, column, found, action]);
    const files = [...new Set([...(once.get(name)?.files ?? []), ...one.files])].slice(0, mostFiles);
    once.set(name, { ...one, files });
  }
  return [...once.values()];
}
