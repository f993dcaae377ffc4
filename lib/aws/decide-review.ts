import type { SFNClient } from '@aws-sdk/client-sfn';
import { realClock } from '../core/clock.ts';
import { silentLogger } from '../core/logger.ts';
import type { RunStore } from '../runtime/ports/run-store.ts';
import { type Decision, decideReview } from '../runtime/review/decide-review.ts';
import { StepFunctionsTasks } from './step-functions-tasks.ts';

export interface ReviewSurroundings {
  readonly runs: RunStore;
  readonly sfn: SFNClient;
}

/** Takes a person's decision from outside of the functions, over AWS's own API. Throws as `decideReview` of runtime. */
export function decideReviewOnAws({ runs, sfn }: ReviewSurroundings, decision: Decision): Promise<void> {
  const ports = {
    runs,
    tasks: new StepFunctionsTasks(sfn),
    clock: realClock(),
    logger: silentLogger,
  };
  return decideReview(ports, decision);
}
