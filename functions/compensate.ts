import * as pipeline from 'penstock:pipeline';
import { outwait } from '../lib/runtime/circuit/outwait.ts';
import { compensate } from '../lib/runtime/compensate.ts';
import { concludeRun } from '../lib/runtime/conclude-run.ts';
import { endRun } from '../lib/runtime/end-run.ts';
import type { ConclusionInput, ExecutionEnded, FailureInput, RunExpiredInput } from '../lib/runtime/messages.ts';
import { releaseKept } from '../lib/runtime/release-kept.ts';
import { breaker } from './adapters/breaker.ts';
import { bus } from './adapters/bus.ts';
import { clock } from './adapters/clock.ts';
import { leases } from './adapters/leases.ts';
import { merging } from './adapters/merging.ts';
import { objects } from './adapters/objects.ts';
import { runs } from './adapters/runs.ts';
import { tables } from './adapters/tables.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/**
 * Ends a run that failed in one of its states, or whose execution ended as a whole; then lets the execution fail. Later
 * removes what was kept of it.
 */
export const handler = chain(
  (input: FailureInput | ExecutionEnded | ConclusionInput | RunExpiredInput): Promise<object> => {
    // A run that is not undone holds its leases and files for ever.
    breaker().waitHoweverLong();
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
    if ('specversion' in input) return outwait(ports, () => releaseKept(ports, pipeline, input));
    if ('concludes' in input) return concludeRun(ports, input);
    if ('status' in input) return outwait(ports, () => endRun(ports, pipeline, input));
    return compensate(ports, pipeline, input);
  },
);
