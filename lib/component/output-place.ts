import type { OutputNode } from './plan.ts';

/** Prefix in the lake of all that an output publishes, e.g. `curated/flights/`. */
export function placeOf({ place, table }: Pick<OutputNode, 'place' | 'table'>): string {
  return place ?? `curated/${table}/`;
}

/** Exports are named by their place, tables by a name. */
export function isExport(table: string): boolean {
  return table.includes('/');
}
