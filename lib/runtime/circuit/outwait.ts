import { minute, second } from '../../core/durations.ts';
import { DelayedError } from '../../core/errors/delayed-error.ts';
import type { Ports } from '../ports/ports.ts';

/** Less than the quarter of an hour that a function has: what was waited for has to be done in the rest. */
const longest = 10 * minute;

/**
 * Does work again each time that a system says when to come back, for ten minutes. For work that no state machine calls,
 * which would do the waiting: Lambda itself tries such work three times within minutes, and then puts it aside.
 */
export async function outwait<Result>(
  { clock, logger }: Pick<Ports, 'clock' | 'logger'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const until = clock.now() + longest;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const left = until - clock.now();
      if (!(error instanceof DelayedError) || left <= 0) throw error;
      const wait = Math.min(error.retryAfterSeconds * second, left);
      logger.info('waits for a system outside', { code: error.code, seconds: wait / second });
      await clock.sleep(wait);
    }
  }
}
