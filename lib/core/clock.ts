/** A timer that can be taken back. Cancelling twice is harmless. */
export interface Timer {
  cancel(): void;
}

/** The only source of time. Everything that waits takes a clock, so that a test can wait months in milliseconds. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `callback` once, `milliseconds` from now. The timer does not keep the process alive. */
  after(milliseconds: number, callback: () => void): Timer;
  /**
   * Like `after`, for what has to be done when so much time has passed for other reasons: a clock that skips the waiting
   * does not skip to it, it only runs it on its way. The machine's own clock has no such thing.
   */
  whenPassed?(milliseconds: number, callback: () => void): Timer;
  /**
   * Resolves after `milliseconds`; rejects with the signal's reason when it is aborted first. Whoever awaits it has work
   * left, so the machine's own clock keeps the process alive meanwhile.
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /**
   * Tells a virtual clock that real work goes on where it cannot see it (a child process, a request to somewhere else);
   * it does not move past timers until the returned function is called. The machine's own clock has no such thing.
   */
  hold?(): () => void;
}

/** setTimeout holds 31 bits of milliseconds (24.8 days) and fires at once beyond; longer waits are taken in pieces. */
const longestTimeoutMilliseconds = 2 ** 31 - 1;

/** Builds `sleep` out of `after`, the same for every clock. */
export function sleepWith(clock: Pick<Clock, 'after'>): Clock['sleep'] {
  return (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        timer.cancel();
        reject(signal?.reason);
      };
      const timer = clock.after(milliseconds, () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      });
      signal?.addEventListener('abort', stop, { once: true });
    });
}

/** The machine's own time. */
export function realClock(): Clock {
  const holding: Clock['after'] = (milliseconds, callback) => timer(milliseconds, callback, (handle) => handle);
  const after: Clock['after'] = (milliseconds, callback) => timer(milliseconds, callback, (handle) => handle.unref());
  return { now: () => Date.now(), after, sleep: sleepWith({ after: holding }) };
}

function timer(milliseconds: number, callback: () => void, keep: (handle: NodeJS.Timeout) => NodeJS.Timeout): Timer {
  let handle: NodeJS.Timeout;
  const arm = (left: number) => {
    const piece = Math.min(left, longestTimeoutMilliseconds);
    handle = keep(setTimeout(() => (left > piece ? arm(left - piece) : callback()), piece));
  };
  arm(Math.max(0, milliseconds));
  return { cancel: () => clearTimeout(handle) };
}
