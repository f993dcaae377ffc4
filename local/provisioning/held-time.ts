import type { Clock } from '../../lib/core/clock.ts';
import type { ManualClock } from '../clocks/manual.ts';

/** The time of a virtual clock while something is provisioned. */
export interface HeldTime {
  /** As `awaited`, and time passes meanwhile wherever nothing else is left that could bring it about. */
  passDuring<T>(awaited: Promise<T>): Promise<T>;
  release(): void;
}

/**
 * Holds a clock that skips waiting: it would otherwise run schedules while what they start is still being made. What waits
 * for something that may never come (the answer of a custom resource) lets time go on, or its deadline would be an hour
 * of the machine's time away, and on a clock that stands still until its owner gets the app, for ever.
 */
export function holdTime(clock: Clock): HeldTime {
  let release = clock.hold?.();
  let awaiting = 0;
  let moving = false;

  /** Whoever could move a manual clock waits for the deployment. */
  async function move(manual: ManualClock): Promise<void> {
    moving = true;
    while (awaiting > 0 && (await manual.advanceToNext(() => awaiting > 0)));
    moving = false;
  }

  return {
    async passDuring(awaited) {
      awaiting++;
      release?.();
      release = undefined;
      if (isManual(clock) && !moving) void move(clock);
      try {
        return await awaited;
      } finally {
        awaiting--;
        if (awaiting === 0) release = clock.hold?.();
      }
    },
    release() {
      release?.();
    },
  };
}

function isManual(clock: Clock): clock is ManualClock {
  return 'advanceToNext' in clock;
}
