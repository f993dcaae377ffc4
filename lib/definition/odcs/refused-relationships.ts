import type { Problem } from '../problem.ts';

/** Links between datasets are nothing that a row alone could break. */
export function refusedRelationships(part: string, at: string): Problem {
  return {
    at,
    part: `${part} / relationships`,
    problem: 'a relationship to another object cannot be held row by row',
    received: 'relationships',
    allowed: 'what a row alone can keep or break',
    change:
      "hold it with the quality rule references, and leave it out, or say so where the contract is named: passOver: ['relationships']",
  };
}
