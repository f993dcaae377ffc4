import * as pipeline from 'penstock:pipeline';
import { duckdbEngine as engine } from '../lib/runtime/duckdb-engine.ts';
import { extract } from '../lib/runtime/extract/extract.ts';
import type { ExtractInput } from '../lib/runtime/messages.ts';
import { arrivals } from './adapters/arrivals.ts';
import { bus } from './adapters/bus.ts';
import { clock } from './adapters/clock.ts';
import { objects } from './adapters/objects.ts';
import { runs } from './adapters/runs.ts';
import { secrets } from './adapters/secrets.ts';
import { tables } from './adapters/tables.ts';
import { environment } from './environment.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/** Finds a run's input and cuts it into chunks. */
export const handler = chain((input: ExtractInput) =>
  extract(
    {
      objects: objects(),
      runs: runs(),
      arrivals: arrivals(),
      tables: tables(),
      bus: bus(),
      engine,
      secrets: secrets(),
      machine: environment.machine,
      clock,
      logger,
    },
    pipeline,
    input,
  ),
);
