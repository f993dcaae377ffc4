import { errorMatches } from './error-names.ts';
import type { JsonObject } from './json.ts';
import type { StatesError } from './states-error.ts';
import type { Visit } from './visit.ts';

export interface Retry {
  /** Which of the state's retriers takes the error. */
  readonly index: number;
  /** How long to wait first; undefined where the retrier's attempts are used up. */
  readonly seconds: number | undefined;
}

/** The retrier that takes the error, or undefined where none does. */
export function retryFor(visit: Visit, error: StatesError): Retry | undefined {
  const retriers: JsonObject[] = visit.definition.Retry ?? [];
  const index = retriers.findIndex((retrier) => errorMatches(retrier.ErrorEquals, error));
  const retrier = retriers[index];
  if (!retrier) return undefined;
  const used = visit.retriesUsed[index] ?? 0;
  if (used >= (retrier.MaxAttempts ?? 3)) return { index, seconds: undefined };
  const backoff = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** used;
  const longest = Math.min(backoff, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  const jitter = retrier.JitterStrategy === 'FULL' ? visit.branch.run.environment.random() : 1;
  return { index, seconds: longest * jitter };
}

/** Counts one more retry of a retrier. */
export function countRetry(visit: Visit, index: number): void {
  for (let other = visit.retriesUsed.length; other < index; other++) visit.retriesUsed[other] = 0;
  visit.retriesUsed[index] = (visit.retriesUsed[index] ?? 0) + 1;
  visit.retryCount++;
}
