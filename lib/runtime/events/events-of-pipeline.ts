import type { PenstockEvent } from '../ports/bus.ts';
import type { PipelineRecord } from '../ports/pipeline-store.ts';

/** What the last change of a pipeline's record means. */
export function eventsOfPipeline(record: PipelineRecord): readonly PenstockEvent[] {
  const { pipeline, state, by, at, planDigest, problem, transitions = [] } = record;
  // Of records from before transitions were kept, the next change tells.
  if (transitions.length === 0) return [];
  const detail = {
    sequence: transitions.length,
    by,
    ...(planDigest !== undefined && { planDigest }),
    ...(problem !== undefined && { problem }),
    record,
  };
  return [{ type: `Pipeline${state}`, pipeline, at, detail }];
}
