import { PenstockError } from '../../core/errors/penstock-error.ts';
import { RetryBudgetSpentError } from '../../core/errors/retry-budget-spent-error.ts';
import { RetryableError } from '../../core/errors/retryable-error.ts';
import { runRetryBudget } from '../../core/retryable-errors.ts';
import { failureFields } from '../failure.ts';
import type { ChunkMessage } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * The error under which an attempt fails: its own; or `RetryBudgetSpentError`, which the machine does not try again, once
 * the run has used up the attempts that all of its chunks have together. Waiting as long as an error asks for uses up none.
 */
export async function withinBudget(
  { runs, clock, logger }: Pick<Ports, 'runs' | 'clock' | 'logger'>,
  { run, item, retryCount = 0 }: ChunkMessage,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof PenstockError) || !isTriedAgain(error)) return error;
  const chunk = { stage: item.stage, chunk: item.chunk };
  try {
    const failed = await runs.countFailedAttempt({ run, ...chunk, retryCount, at: clock.now() });
    // No run has so few chunks that its budget is smaller, and of most that is all there is to know.
    if (failed <= runRetryBudget(0)) return error;
    const { extract } = (await runs.find(run)) ?? {};
    const budget = runRetryBudget(extract?.stages[item.stage]?.chunks ?? 0);
    if (failed <= budget) return error;
    return new RetryBudgetSpentError({
      problem: `${failed} attempts at chunks of this run have failed, and it is left alone; the last one: ${error.problem}`,
      received: error.name,
      allowed: `${budget} failed attempts`,
      change: 'see what failed with `npx penstock run show`; redrive the run when that is mended',
      cause: error,
    });
  } catch (failure) {
    logger.warn('failed attempts could not be counted', failureFields(failure));
    return error;
  }
}

function isTriedAgain(error: PenstockError): boolean {
  return error instanceof RetryableError && (error.constructor as typeof RetryableError).manner === 'back-off';
}
