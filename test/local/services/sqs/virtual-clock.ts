import { type Clock, sleepWith, type Timer } from '../../../../lib/core/clock.ts';

export interface VirtualClock extends Clock {
  /** Moves time on, firing what is due in order; lets promises settle after each. */
  advance(milliseconds: number): Promise<void>;
}

/** Time that only a test moves. */
export function virtualClock(start = Date.UTC(2026, 0, 1)): VirtualClock {
  let time = start;
  const timers = new Set<{ at: number; callback: () => void }>();
  const after = (milliseconds: number, callback: () => void): Timer => {
    const timer = { at: time + Math.max(0, milliseconds), callback };
    timers.add(timer);
    return { cancel: () => void timers.delete(timer) };
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => time,
    after,
    sleep: sleepWith({ after }),
    async advance(milliseconds) {
      const end = time + milliseconds;
      for (;;) {
        const due = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers.delete(due);
        time = Math.max(time, due.at);
        due.callback();
        await settle();
      }
      time = end;
      await settle();
    },
  };
}
