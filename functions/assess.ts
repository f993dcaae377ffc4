import * as pipeline from 'penstock:pipeline';
import { assess } from '../lib/runtime/assess/assess.ts';
import { duckdbEngine as engine } from '../lib/runtime/duckdb-engine.ts';
import type { StageInput } from '../lib/runtime/messages.ts';
import { bus } from './adapters/bus.ts';
import { clock } from './adapters/clock.ts';
import { objects } from './adapters/objects.ts';
import { runs } from './adapters/runs.ts';
import { tables } from './adapters/tables.ts';
import { environment } from './environment.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';
import { meter } from './middleware/metrics.ts';

/** Checks a run's ledger and its quality. */
export const handler = chain((input: StageInput) => {
  const { machine } = environment;
  return assess(
    { objects: objects(), runs: runs(), tables: tables(), bus: bus(), engine, machine, clock, logger, meter },
    pipeline,
    input,
  );
});
