import * as pipeline from 'penstock:pipeline';
import type { ReviewInput } from '../lib/runtime/messages.ts';
import { review } from '../lib/runtime/review/review.ts';
import { bus } from './adapters/bus.ts';
import { clock } from './adapters/clock.ts';
import { runs } from './adapters/runs.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/** Puts a run before a person. */
export const handler = chain((input: ReviewInput) =>
  review({ runs: runs(), bus: bus(), clock, logger }, pipeline, input),
);
