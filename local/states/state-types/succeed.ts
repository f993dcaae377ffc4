import { complete } from '../complete.ts';
import type { StateTypeRunner } from './state-types.ts';

/** Ends its branch. */
export const succeed: StateTypeRunner = {
  run: (visit) => complete(visit, visit.effectiveInput),
};
