import type { Clock } from '../../../lib/core/clock.ts';

const RealDate = globalThis.Date;
const realRandom = Math.random;

/** A `Date` whose present is that of a clock, `skew` milliseconds off. */
export function dateOf(clock: Pick<Clock, 'now'>, skew: () => number): DateConstructor {
  return class SimDate extends RealDate {
    constructor(...given: any[]) {
      super(...((given.length > 0 ? given : [clock.now() + skew()]) as [number]));
    }
    static override now(): number {
      return clock.now() + skew();
    }
    /** Node's own modules make dates of the other kind. */
    static override [Symbol.hasInstance](value: unknown): boolean {
      return Object.prototype.toString.call(value) === '[object Date]';
    }
  } as unknown as DateConstructor;
}

/**
 * From here on this process lives in the time of `clock`, and its chances are those of `random`. The answer gives it its
 * own back.
 */
export function takeOver(clock: Pick<Clock, 'now'>, random: () => number): () => void {
  globalThis.Date = dateOf(clock, () => 0);
  Math.random = random;
  return () => {
    globalThis.Date = RealDate;
    Math.random = realRandom;
  };
}
