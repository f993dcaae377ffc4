import * as pipeline from 'penstock:pipeline';
import { initialize } from '../lib/runtime/initialize.ts';
import type { StageInput } from '../lib/runtime/messages.ts';
import { bus } from './adapters/bus.ts';
import { clock } from './adapters/clock.ts';
import { leases } from './adapters/leases.ts';
import { objects } from './adapters/objects.ts';
import { pipelines } from './adapters/pipelines.ts';
import { runs } from './adapters/runs.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/** Opens the record of a run. */
export const handler = chain((input: StageInput) =>
  initialize(
    { objects: objects(), runs: runs(), leases: leases(), pipelines: pipelines(), bus: bus(), clock, logger },
    pipeline,
    input,
  ),
);
