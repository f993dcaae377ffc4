import type { Json } from '../json.ts';
import type { Visit } from '../visit.ts';

/** The input of one iteration: the item itself, or what ItemSelector (or the older Parameters) makes of it. */
export async function selectItem(visit: Visit, item: { index: number; value: Json }): Promise<Json> {
  const { definition, node } = visit;
  const field = definition.ItemSelector !== undefined ? 'ItemSelector' : 'Parameters';
  const selector = definition[field];
  if (selector === undefined) return item.value;
  const outer = visit.mapItem;
  visit.mapItem = item;
  try {
    return await node.language.template(visit, selector, field);
  } finally {
    visit.mapItem = outer;
  }
}
