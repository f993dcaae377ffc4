import { type Clock, sleepWith } from '../../lib/core/clock.ts';
import { Holds } from './holds.ts';
import { untilQuiet } from './quiet.ts';
import { firstDue, Timers } from './timers.ts';

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /**
   * Moves on by `milliseconds`. Every timer that falls due on the way runs at its own time, in order, and what it sets
   * off comes to rest before the next one runs. Moves that are asked for at once follow each other.
   */
  advance(milliseconds: number): Promise<void>;
  /**
   * Moves on to the next timer and runs it. False where there is none, and where `wanted`, asked when everything before
   * it has come to rest, says no. Default: it is wanted.
   */
  advanceToNext(wanted?: () => boolean): Promise<boolean>;
  hold(): () => void;
}

/** `start` is in milliseconds since the epoch. Default: 2026-01-01T00:00:00Z. */
export function manualClock(start = Date.UTC(2026, 0, 1)): ManualClock {
  const timers = new Timers();
  /** Of `whenPassed`. */
  const asides = new Timers();
  const holds = new Holds();
  let now = start;
  let moving: Promise<unknown> = Promise.resolve();

  function move<T>(step: () => Promise<T>): Promise<T> {
    const moved = moving.then(step);
    moving = moved.catch(() => {});
    return moved;
  }

  const after: Clock['after'] = (milliseconds, callback) => timers.add(now + Math.max(0, milliseconds), callback);
  const whenPassed: Clock['after'] = (milliseconds, callback) => asides.add(now + Math.max(0, milliseconds), callback);

  async function rest(): Promise<void> {
    do {
      await holds.released();
      await untilQuiet();
    } while (holds.any);
  }

  /** Runs those that are due by `end`, one after the other. */
  async function runDue(lists: readonly Timers[], end: number): Promise<void> {
    for (let next = firstDue(lists, end); next; next = firstDue(lists, end)) {
      now = Math.max(now, next.nextDue()!);
      next.take()?.();
      await rest();
    }
  }

  return {
    now: () => now,
    after,
    whenPassed,
    sleep: sleepWith({ after }),
    hold: () => holds.take(),
    advance: (milliseconds) =>
      move(async () => {
        const end = now + milliseconds;
        await rest();
        await runDue([timers, asides], end);
        now = Math.max(now, end);
      }),
    advanceToNext: (wanted = () => true) =>
      move(async () => {
        await rest();
        const due = timers.nextDue();
        if (due === undefined || !wanted()) return false;
        await runDue([asides], due);
        now = Math.max(now, due);
        timers.take()?.();
        await rest();
        return true;
      }),
  };
}
