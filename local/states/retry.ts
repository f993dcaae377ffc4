import { errorMatches } from './error-names.ts';
import type { JsonObject } from './json.ts';
import type { StatesError } from './states-error.ts';
import type { Visit } from './visit.ts';

/** Milliseconds to wait before the state is tried again, or undefined where no retrier (any more) takes the error. */
export async function retryDelay(visit: Visit, error: StatesError): Promise<number | undefined> {
  const retriers: JsonObject[] = visit.definition.Retry ?? [];
  const index = retriers.findIndex((retrier) => errorMatches(retrier.ErrorEquals, error));
  const retrier = retriers[index];
  if (!retrier) return undefined;
  const used = visit.retriesUsed[index] ?? 0;
  if (used >= (retrier.MaxAttempts ?? 3)) return undefined;
  for (let other = visit.retriesUsed.length; other < index; other++) visit.retriesUsed[other] = 0;
  visit.retriesUsed[index] = used + 1;
  visit.retryCount++;
  const backoff = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** used;
  const seconds = Math.min(backoff, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  const jitter = retrier.JitterStrategy === 'FULL' ? visit.branch.run.environment.random() : 1;
  return seconds * jitter * 1000;
}
