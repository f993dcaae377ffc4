import { trigger } from '../lib/runtime/trigger.ts';
import { clock } from './adapters/clock.ts';
import { executions } from './adapters/executions.ts';
import { pipelines } from './adapters/pipelines.ts';
import { batch } from './middleware/batch.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/** Starts a run for each message of the trigger queue. */
export const handler = chain(
  batch((body) => trigger({ executions: executions(), pipelines: pipelines(), clock, logger }, body)),
);
