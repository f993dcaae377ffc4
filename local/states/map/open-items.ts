import { readItems } from '../item-reader/read-items.ts';
import type { Json } from '../json.ts';
import type { Visit } from '../visit.ts';

/** The items of a distributed Map: those of its input, or what its ItemReader reads. */
export async function openItems(visit: Visit, given: readonly Json[] | undefined): Promise<readonly Json[]> {
  if (given) return given;
  return readItems(visit, visit.definition.ItemReader);
}
