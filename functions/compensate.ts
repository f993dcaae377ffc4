import * as pipeline from 'penstock:pipeline';
import { compensate } from '../lib/runtime/compensate.ts';
import { endRun } from '../lib/runtime/end-run.ts';
import type { ExecutionEnded, FailureInput } from '../lib/runtime/messages.ts';
import { bus } from './adapters/bus.ts';
import { clock } from './adapters/clock.ts';
import { leases } from './adapters/leases.ts';
import { merging } from './adapters/merging.ts';
import { objects } from './adapters/objects.ts';
import { runs } from './adapters/runs.ts';
import { tables } from './adapters/tables.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/** Ends a run that failed in one of its states, or whose execution ended as a whole. */
export const handler = chain((input: FailureInput | ExecutionEnded): Promise<object> => {
  const ports = {
    objects: objects(),
    runs: runs(),
    leases: leases(),
    tables: tables(),
    bus: bus(),
    clock,
    logger,
    ...merging(),
  };
  return 'status' in input ? endRun(ports, pipeline, input) : compensate(ports, pipeline, input);
});
