import type { StepCount } from './chunk.ts';

/** Makes a count that balances by construction from what is known; what is not named is 0. */
export function stepCount(node: string, counts: Partial<Omit<StepCount, 'node'>>): StepCount {
  return { node, rowsIn: 0, multiplied: 0, rowsOut: 0, rejected: 0, filtered: 0, merged: 0, rules: {}, ...counts };
}
