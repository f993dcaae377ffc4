import * as pipeline from 'penstock:pipeline';
import { duckdbEngine as engine } from '../lib/runtime/duckdb-engine.ts';
import type { StageInput } from '../lib/runtime/messages.ts';
import { release } from '../lib/runtime/review/release.ts';
import { clock } from './adapters/clock.ts';
import { objects } from './adapters/objects.ts';
import { runs } from './adapters/runs.ts';
import { tables } from './adapters/tables.ts';
import { environment } from './environment.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/** Parts what is published of a run from what is held. */
export const handler = chain((input: StageInput) =>
  release(
    { objects: objects(), runs: runs(), tables: tables(), engine, machine: environment.machine, clock, logger },
    pipeline,
    input,
  ),
);
