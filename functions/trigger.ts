import { trigger } from '../lib/runtime/trigger.ts';
import { arrivals } from './adapters/arrivals.ts';
import { clock } from './adapters/clock.ts';
import { executions } from './adapters/executions.ts';
import { pipelines } from './adapters/pipelines.ts';
import { runs } from './adapters/runs.ts';
import { triggerBuffer, triggerQueue } from './adapters/trigger-queue.ts';
import { batch } from './middleware/batch.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/** Starts a run for each message of the trigger queue, or lets files wait for others that they are run with. */
export const handler = chain(
  batch(
    (body) =>
      trigger(
        {
          executions: executions(),
          pipelines: pipelines(),
          arrivals: arrivals(),
          runs: runs(),
          triggerQueue: triggerQueue(),
          clock,
          logger,
        },
        body,
      ),
    triggerBuffer,
  ),
);
