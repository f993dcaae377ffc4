import * as pipeline from 'penstock:pipeline';
import { duckdbEngine as engine } from '../lib/runtime/duckdb-engine.ts';
import { work } from '../lib/runtime/worker/work.ts';
import { buffer } from './adapters/buffer.ts';
import { clock } from './adapters/clock.ts';
import { objects } from './adapters/objects.ts';
import { runs } from './adapters/runs.ts';
import { secrets } from './adapters/secrets.ts';
import { tasks } from './adapters/tasks.ts';
import { environment } from './environment.ts';
import { batch } from './middleware/batch.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';
import { meter } from './middleware/metrics.ts';

/** Works on the chunks of a stage's buffer. */
export const handler = chain(
  batch((body) => {
    const { machine } = environment;
    return work(
      { objects: objects(), runs: runs(), tasks: tasks(), engine, secrets: secrets(), machine, clock, logger, meter },
      pipeline,
      body,
    );
  }, buffer),
);
