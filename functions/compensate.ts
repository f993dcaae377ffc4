import * as pipeline from 'penstock:pipeline';
import { compensate } from '../lib/runtime/compensate.ts';
import type { FailureInput } from '../lib/runtime/messages.ts';
import { bus } from './adapters/bus.ts';
import { clock } from './adapters/clock.ts';
import { objects } from './adapters/objects.ts';
import { runs } from './adapters/runs.ts';
import { tables } from './adapters/tables.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/** Ends a run that failed. */
export const handler = chain((input: FailureInput) =>
  compensate({ objects: objects(), runs: runs(), tables: tables(), bus: bus(), clock, logger }, pipeline, input),
);
