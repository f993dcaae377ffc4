import { literal } from './shape.ts';

/** The function that sessions of the engine have for it; only expressions that name a secret may call it. */
export const keyedHashFunction = '__keyed_hash';

/** SQL of the HMAC-SHA-256 of a text under a secret, as 64 hexadecimal digits; NULL for NULL. */
export function keyedHash(secret: string, text: string): string {
  return `${keyedHashFunction}(${literal(secret)}, ${text})`;
}
