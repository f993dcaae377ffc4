import * as pipeline from 'penstock:pipeline';
import type { StageInput } from '../lib/runtime/messages.ts';
import { commit } from '../lib/runtime/publish/commit.ts';
import { bus } from './adapters/bus.ts';
import { clock } from './adapters/clock.ts';
import { leases } from './adapters/leases.ts';
import { merging } from './adapters/merging.ts';
import { objects } from './adapters/objects.ts';
import { runs } from './adapters/runs.ts';
import { tables } from './adapters/tables.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/** Lets readers see what a run made. */
export const handler = chain((input: StageInput) =>
  commit(
    { objects: objects(), runs: runs(), leases: leases(), tables: tables(), bus: bus(), clock, logger, ...merging() },
    pipeline,
    input,
  ),
);
