import { type Clock, sleepWith } from '../../../lib/core/clock.ts';
import { firstDue, Timers } from '../../../local/clocks/timers.ts';

/** A clock that stands still until its owner takes the next timer. */
export class SimClock implements Clock {
  readonly #timers = new Timers();
  /** Of `whenPassed`: they run on the way to a timer. */
  readonly #asides = new Timers();
  #now: number;

  /** `start` in milliseconds since the epoch. */
  constructor(start: number) {
    this.#now = start;
  }

  readonly now = () => this.#now;

  readonly after: Clock['after'] = (milliseconds, callback) => this.#timers.add(this.#timeIn(milliseconds), callback);

  readonly whenPassed: Clock['after'] = (milliseconds, callback) =>
    this.#asides.add(this.#timeIn(milliseconds), callback);

  readonly sleep = sleepWith({ after: this.after });

  /** Back-off with jitter asks for parts of milliseconds, which no clock of a machine tells of. */
  #timeIn(milliseconds: number): number {
    return this.#now + Math.max(0, Math.ceil(milliseconds));
  }

  /** When the next timer is due, in milliseconds since the epoch. */
  get nextDue(): number | undefined {
    return this.#timers.nextDue();
  }

  /** Goes on to the next timer and runs it. False where there is none. */
  runNext(): boolean {
    const due = this.#timers.nextDue();
    if (due === undefined) return false;
    this.moveTo(due);
    this.#timers.take()?.();
    return true;
  }

  /** Goes on to a time before which no timer is due. */
  moveTo(time: number): void {
    this.#runAsides(time);
    this.#now = Math.max(this.#now, time);
  }

  #runAsides(end: number): void {
    for (let aside = firstDue([this.#asides], end); aside; aside = firstDue([this.#asides], end)) {
      this.#now = Math.max(this.#now, aside.nextDue()!);
      aside.take()?.();
    }
  }
}
