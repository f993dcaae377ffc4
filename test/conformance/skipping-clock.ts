import { type Clock, sleepWith } from '../../lib/core/clock.ts';
import { Timers } from '../../local/clocks/timers.ts';

/** In milliseconds of real time. */
const longestRest = 10_000;

/** A clock that jumps to the next timer as soon as no more happens by itself; fit for work without any I/O. */
export function skippingClock(start: number): Clock & { run<T>(work: Promise<T>): Promise<T> } {
  const timers = new Timers();
  let now = start;
  const after: Clock['after'] = (milliseconds, callback) => timers.add(now + Math.max(0, milliseconds), callback);
  return {
    now: () => now,
    after,
    sleep: sleepWith({ after }),
    async run(work) {
      let over = false;
      const end = () => {
        over = true;
      };
      work.then(end, end);
      let moved = Date.now();
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        if (over) return work;
        const due = timers.nextDue();
        if (due === undefined) {
          if (Date.now() - moved > longestRest) throw new Error('it waits for something that never comes');
          continue;
        }
        moved = Date.now();
        now = Math.max(now, due);
        timers.take()!();
      }
    },
  };
}
