import type { Clock } from '../../../../lib/core/clock.ts';
import { ApiFailure } from '../api-failure.ts';

/** Waits for `work` no longer than the integration's time. Throws ApiFailure 503 when that has passed; the work goes on. */
export async function withinTime<T>(clock: Clock, milliseconds: number, work: Promise<T>): Promise<T> {
  const waiting = new AbortController();
  const late = clock.sleep(milliseconds, waiting.signal).then(() => {
    throw new ApiFailure(503, 'Endpoint request timed out');
  });
  // Taken back when the work is done first, which nobody waits for.
  late.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    waiting.abort();
    work.catch(() => {});
  }
}

/**
 * Holds a virtual clock while `work` goes on where it cannot see it, but no longer than this many milliseconds of the
 * machine's own time: whoever never answers must run into the time limit on that clock, too.
 */
export async function outOfSight<T>(clock: Clock, milliseconds: number, work: Promise<T>): Promise<T> {
  const release = clock.hold?.();
  const longest = setTimeout(() => release?.(), milliseconds);
  try {
    return await work;
  } finally {
    clearTimeout(longest);
    release?.();
  }
}
