import * as pipeline from 'penstock:pipeline';
import type { ReviewExpiredInput, ReviewInput } from '../lib/runtime/messages.ts';
import { expireReview } from '../lib/runtime/review/expire-review.ts';
import { review } from '../lib/runtime/review/review.ts';
import { bus } from './adapters/bus.ts';
import { clock } from './adapters/clock.ts';
import { leases } from './adapters/leases.ts';
import { runs } from './adapters/runs.ts';
import { chain } from './middleware/chain.ts';
import { logger } from './middleware/logging.ts';

/** Puts a run before a person, or decides in their place when their time is over. */
export const handler = chain((input: ReviewInput | ReviewExpiredInput): Promise<object> => {
  const ports = { runs: runs(), leases: leases(), bus: bus(), clock, logger };
  return 'expired' in input ? expireReview(ports, pipeline, input) : review(ports, pipeline, input);
});
