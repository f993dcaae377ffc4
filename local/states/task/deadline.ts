import type { Clock, Timer } from '../../../lib/core/clock.ts';
import { TaskTimeoutError } from '../states-error.ts';

export interface DeadlineOptions {
  readonly clock: Clock;
  /** Aborted when the whole branch is given up. */
  readonly signal: AbortSignal;
  readonly timeoutSeconds?: number | undefined;
  /** Longest silence; every `beat` starts it anew. */
  readonly heartbeatSeconds?: number | undefined;
}

/** Runs `work` within a task's time limits; rejects with `TaskTimeoutError` when one has passed. */
export async function withDeadline<T>(
  options: DeadlineOptions,
  work: (signal: AbortSignal, beat: () => void) => Promise<T>,
): Promise<T> {
  const { clock, signal, timeoutSeconds, heartbeatSeconds } = options;
  if (timeoutSeconds === undefined && heartbeatSeconds === undefined) return work(signal, () => {});
  const over = new AbortController();
  let heartbeat: Timer | undefined;
  let timeout: Timer | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      const expire = (kind: 'timeout' | 'heartbeat') => {
        reject(new TaskTimeoutError(kind));
        over.abort();
      };
      const beat = () => {
        if (heartbeatSeconds === undefined) return;
        heartbeat?.cancel();
        heartbeat = clock.after(heartbeatSeconds * 1000, () => expire('heartbeat'));
      };
      if (timeoutSeconds !== undefined) timeout = clock.after(timeoutSeconds * 1000, () => expire('timeout'));
      beat();
      work(AbortSignal.any([signal, over.signal]), beat).then(resolve, reject);
    });
  } finally {
    heartbeat?.cancel();
    timeout?.cancel();
  }
}
