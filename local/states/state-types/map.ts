import { complete } from '../complete.ts';
import { runDistributed } from '../map/run-distributed.ts';
import { runInline } from '../map/run-inline.ts';
import { Payload } from '../payload.ts';
import type { StateTypeRunner } from './state-types.ts';

/** Runs its processor once per item: inside the execution (INLINE) or as child executions (DISTRIBUTED). */
export const map: StateTypeRunner = {
  async run(visit, from) {
    const { definition } = visit;
    const mode = (definition.ItemProcessor ?? definition.Iterator).ProcessorConfig?.Mode ?? 'INLINE';
    const result = await (mode === 'DISTRIBUTED'
      ? runDistributed(visit, from?.mapRunStarted ?? false)
      : runInline(visit));
    return complete(visit, new Payload(result));
  },
  failed(visit) {
    visit.branch.record('MapStateFailed');
  },
};
