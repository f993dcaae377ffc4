import { performance } from 'node:perf_hooks';
import { type Clock, sleepWith } from '../../lib/core/clock.ts';
import { Holds } from './holds.ts';
import { isBusy } from './quiet.ts';
import { Timers } from './timers.ts';

/** A clock that skips the waiting. */
export interface FastForwardClock extends Clock {
  hold(): () => void;
  /** Stops the clock's own real timer. Timers that have not run never will. */
  stop(): void;
}

/** How long the process must have had nothing to do before the clock jumps. Long enough for an answer over loopback. */
const idleMilliseconds = 4;
/** The part of that time in which the event loop may have been at work and still count as idle. */
const toleratedActivity = 0.25;

/**
 * The machine's time for as long as the process works, and a jump to the next timer whenever it has come to rest. While
 * something is held, time passes as it really does, so what waits for time inside of it still comes to an end.
 * `start` is in milliseconds since the epoch. Default: now.
 */
export function fastForwardClock(start = Date.now()): FastForwardClock {
  const timers = new Timers();
  const holds = new Holds();
  let offset = start - Date.now();
  let check: NodeJS.Timeout | undefined;
  let before = performance.eventLoopUtilization();
  let stopped = false;

  const now = () => Date.now() + offset;

  const after: Clock['after'] = (milliseconds, callback) => {
    const timer = timers.add(now() + Math.max(0, milliseconds), callback);
    watch();
    return timer;
  };

  /** Looks again after a while, as long as a timer is set. */
  function watch(): void {
    if (check !== undefined || stopped) return;
    before = performance.eventLoopUtilization();
    const due = timers.nextDue();
    const pause = Math.min(idleMilliseconds, Math.max(0, (due ?? Number.POSITIVE_INFINITY) - now()));
    check = setTimeout(look, pause);
    check.unref();
  }

  function look(): void {
    check = undefined;
    const due = timers.nextDue();
    if (due === undefined) return;
    if (due > now() && isIdle()) offset += due - now();
    if (due <= now()) timers.take()?.();
    watch();
  }

  function isIdle(): boolean {
    if (holds.any || isBusy()) return false;
    const { idle, active } = performance.eventLoopUtilization(before);
    return idle + active >= idleMilliseconds / 2 && active <= toleratedActivity * (idle + active);
  }

  return {
    now,
    after,
    sleep: sleepWith({ after }),
    hold: () => holds.take(),
    stop() {
      stopped = true;
      clearTimeout(check);
    },
  };
}
