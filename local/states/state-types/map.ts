import { complete } from '../complete.ts';
import { isDistributed } from '../map/is-distributed.ts';
import { runDistributed } from '../map/run-distributed.ts';
import { runInline } from '../map/run-inline.ts';
import { Payload } from '../payload.ts';
import type { StateTypeRunner } from './state-types.ts';

/** Runs its processor once per item: inside the execution (INLINE) or as child executions (DISTRIBUTED). */
export const map: StateTypeRunner = {
  async run(visit, from) {
    const result = await (isDistributed(visit.definition)
      ? runDistributed(visit, from?.mapRunStarted ?? false)
      : runInline(visit, from?.inner ?? []));
    return complete(visit, new Payload(result));
  },
  failed(visit) {
    visit.branch.record('MapStateFailed');
  },
};
