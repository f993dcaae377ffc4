import { createHash } from 'node:crypto';

/**
 * A number from 0 (included) to 1 that depends on nothing but these. What a rule does to its n-th call so does not depend
 * on what other rules met meanwhile, nor on timing.
 */
export function chanceOf(seed: number, rule: number, nth: number, purpose: 'strike' | 'amount'): number {
  const hash = createHash('sha256').update(`${seed}/${rule}/${nth}/${purpose}`).digest();
  return hash.readUIntBE(0, 6) / 2 ** 48;
}
