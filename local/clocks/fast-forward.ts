import { type Clock, sleepWith } from '../../lib/core/clock.ts';
import { Holds } from './holds.ts';
import { untilQuiet } from './quiet.ts';
import { firstDue, Timers } from './timers.ts';

/** A clock that skips the waiting. */
export interface FastForwardClock extends Clock {
  hold(): () => void;
  /** Stops the clock's own real timer. Timers that have not run never will. */
  stop(): void;
}

/** How often a clock that may not jump looks whether it may. */
const heldMilliseconds = 4;

/**
 * The machine's time for as long as the process works, and a jump to the next timer whenever it has come to rest. While
 * something is held, time passes as it really does, so what waits for time inside of it still comes to an end. As long as
 * there are timers it keeps one core at work: a schedule that never ends makes time fly without end.
 * `start` is in milliseconds since the epoch. Default: now.
 */
export function fastForwardClock(start = Date.now()): FastForwardClock {
  const timers = new Timers();
  /** Of `whenPassed`: they run on the way to a timer. */
  const asides = new Timers();
  const holds = new Holds();
  let offset = start - Date.now();
  let watching = false;
  let stopped = false;

  const now = () => Date.now() + offset;

  const after: Clock['after'] = (milliseconds, callback) => {
    const timer = timers.add(now() + Math.max(0, milliseconds), callback);
    if (!watching) void watch();
    return timer;
  };

  function upcoming(): Timers | undefined {
    const due = timers.nextDue();
    return due === undefined ? undefined : firstDue([timers, asides], due);
  }

  /** Runs timers, each once everything before it has come to rest, until there is none. */
  async function watch(): Promise<void> {
    watching = true;
    for (let next = upcoming(); next && !stopped; next = upcoming()) {
      if (next.nextDue()! > now()) {
        await untilQuiet();
        // Work that has begun meanwhile may have set an earlier timer, or have taken this one back.
        next = upcoming();
        if (!next || stopped) break;
        const due = next.nextDue()!;
        if (due > now() && holds.any) {
          await realTime(Math.min(heldMilliseconds, due - now()));
          continue;
        }
        offset += Math.max(0, due - now());
      }
      next.take()?.();
    }
    watching = false;
  }

  return {
    now,
    after,
    whenPassed: (milliseconds, callback) => asides.add(now() + Math.max(0, milliseconds), callback),
    sleep: sleepWith({ after }),
    hold: () => holds.take(),
    stop() {
      stopped = true;
    },
  };
}

function realTime(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
