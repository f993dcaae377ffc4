import * as pipeline from 'penstock:pipeline';
import type { ReviewInput } from '../lib/runtime/messages.ts';
import { review } from '../lib/runtime/review/review.ts';
import { bus, clock, runs } from './adapters.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/** Puts a run before a person. */
export const handler = chain((input: ReviewInput) =>
  review({ runs: runs(), bus: bus(), clock, logger }, pipeline, input),
);
