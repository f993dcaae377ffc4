import type { Json } from '../json.ts';
import type { MaybePromise } from '../query/query-language.ts';
import type { Visit } from '../visit.ts';
import type { MapItem } from './map-item.ts';

/** The input of one iteration: what ItemSelector (or the older Parameters) makes of the item, or else `unselected`. */
export function selectItem(visit: Visit, item: MapItem, unselected: Json): MaybePromise<Json> {
  const { definition, node } = visit;
  const field = definition.ItemSelector !== undefined ? 'ItemSelector' : 'Parameters';
  const selector = definition[field];
  return selector === undefined ? unselected : node.language.template(visit, selector, field, item);
}
