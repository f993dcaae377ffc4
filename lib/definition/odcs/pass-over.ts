import * as z from 'zod';
import { isMapping } from '../yaml/is-mapping.ts';
import { qualitySchema } from './document.ts';
import { meaningOf } from './quality.ts';

/** What a contract may say that no row alone can break, and that a pipeline may leave to others when it says so. */
export const passOverSchema = z
  .array(z.enum(['relationships', 'quality']))
  .describe(
    'what is left to others: relationships to other objects, and rules of quality that cannot be held row by row (shares, counts of rows, SQL)',
  );

export type PassedOver = z.output<typeof passOverSchema>;

/** Stands in the place of a rule that is passed over, so that the others keep theirs. It asks for nothing. */
const nothingAsked = { type: 'text' };

/** An element of a contract, and all within it, without what is passed over. */
export function withoutPassedOver(element: unknown, passed: PassedOver, property?: string): unknown {
  if (!isMapping(element) || passed.length === 0) return element;
  const { relationships, ...rest } = element;
  const inside = (part: unknown) =>
    withoutPassedOver(part, passed, isMapping(part) && typeof part.name === 'string' ? part.name : 'items');
  return {
    ...rest,
    ...(relationships !== undefined && !passed.includes('relationships') && { relationships }),
    ...(Array.isArray(rest.properties) && { properties: rest.properties.map(inside) }),
    ...(rest.items !== undefined && { items: inside(rest.items) }),
    ...(Array.isArray(rest.quality) &&
      passed.includes('quality') && {
        quality: rest.quality.map((rule) => (isHeld(rule, property) ? rule : nothingAsked)),
      }),
  };
}

/** A rule that is not even one is told of as ever. */
function isHeld(rule: unknown, property: string | undefined): boolean {
  const parsed = qualitySchema.safeParse(rule);
  return !parsed.success || !('refused' in meaningOf(parsed.data, property));
}
