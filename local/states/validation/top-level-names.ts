import type { ExprNode } from 'jsonata';
import { isObject, type Json } from '../json.ts';

/** What a node holds that is evaluated against items of data instead of what the node itself is evaluated against. */
const againstItems = new Set(['predicate', 'stages', 'group', 'terms', 'pattern', 'update', 'delete']);

/** The field names that an expression reads from the context at its top level, where on AWS there is none. */
export function* topLevelNames(node: ExprNode): Generator<string> {
  if ((node.type as string) === 'path') {
    // Later steps are evaluated against what the first one finds.
    const [first] = node.steps!;
    if (first?.type === 'name') yield first.value;
    else if (first) yield* topLevelNames(first);
    return;
  }
  for (const [key, inner] of Object.entries<Json>(node)) {
    if (againstItems.has(key)) continue;
    for (const one of Array.isArray(inner) ? inner.flat() : [inner]) {
      if (isObject(one) && typeof one.type === 'string') yield* topLevelNames(one as ExprNode);
    }
  }
}
