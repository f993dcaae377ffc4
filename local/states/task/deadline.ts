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

/** What work within time limits is given. */
export interface Limited {
  readonly signal: AbortSignal;
  /** Tells that the work goes on. */
  beat(): void;
  /** Stops the clock of the timeout, until the result is called. */
  pause(): () => void;
}

/** Runs `work` within a task's time limits; rejects with `TaskTimeoutError` when one has passed. */
export async function withDeadline<T>(options: DeadlineOptions, work: (limited: Limited) => Promise<T>): Promise<T> {
  const { clock, signal, timeoutSeconds, heartbeatSeconds } = options;
  if (timeoutSeconds === undefined && heartbeatSeconds === undefined)
    return work({ signal, beat: () => {}, pause: () => () => {} });
  const over = new AbortController();
  let heartbeat: Timer | undefined;
  let timeout: Timer | undefined;
  let ended = false;
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
      let left = (timeoutSeconds ?? 0) * 1000;
      let since = 0;
      const run = () => {
        if (timeoutSeconds === undefined || ended) return;
        since = clock.now();
        timeout = clock.after(left, () => expire('timeout'));
      };
      const pause = () => {
        timeout?.cancel();
        left = Math.max(0, left - (clock.now() - since));
        return run;
      };
      run();
      beat();
      work({ signal: AbortSignal.any([signal, over.signal]), beat, pause }).then(resolve, reject);
    });
  } finally {
    ended = true;
    heartbeat?.cancel();
    timeout?.cancel();
  }
}
