import * as pipeline from 'penstock:pipeline';
import type { StageInput } from '../lib/runtime/messages.ts';
import { publish } from '../lib/runtime/publish/publish.ts';
import { clock } from './adapters/clock.ts';
import { merging } from './adapters/merging.ts';
import { objects } from './adapters/objects.ts';
import { runs } from './adapters/runs.ts';
import { tables } from './adapters/tables.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/** Prepares the next version of a run's tables. */
export const handler = chain((input: StageInput) =>
  publish({ objects: objects(), runs: runs(), tables: tables(), clock, logger, ...merging() }, pipeline, input),
);
