import { complete } from '../complete.ts';
import type { StateTypeRunner } from './state-types.ts';

/** Waits for a number of seconds or until a moment. */
export const wait: StateTypeRunner = {
  async run(visit) {
    const { clock } = visit.branch.run.environment;
    const until = await visit.node.language.waitUntil(visit);
    const left = until - clock.now();
    if (left > 0) await clock.sleep(left, visit.branch.signal);
    return complete(visit, visit.effectiveInput);
  },
};
