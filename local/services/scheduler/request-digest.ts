import { createHash } from 'node:crypto';

/**
 * What tells a request that is sent again from another one: the same token with the same content. Undefined where it has no
 * token.
 */
export function requestDigest(input: { readonly ClientToken?: string }): string | undefined {
  if (input.ClientToken === undefined) return undefined;
  return createHash('sha256').update(JSON.stringify(input)).digest('hex');
}
