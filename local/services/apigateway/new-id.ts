import { randomBytes } from 'node:crypto';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** An identifier as API Gateway makes them: ten characters for an API, seven for its parts. */
export function newId(length = 7): string {
  return [...randomBytes(length)].map((byte) => letters[byte % letters.length]).join('');
}
