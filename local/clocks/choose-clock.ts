import { type Clock, realClock } from '../../lib/core/clock.ts';
import { type FastForwardClock, fastForwardClock } from './fast-forward.ts';
import { type ManualClock, manualClock } from './manual.ts';

/**
 * How time passes: as it does (`real`), skipping whatever nobody works in (`fast-forward`), only when told to (`manual`),
 * or as a clock of one's own has it.
 */
export type ClockChoice = 'real' | 'fast-forward' | 'manual' | Clock;

/** The clock that a choice makes. */
export type ChosenClock<Choice extends ClockChoice> = Choice extends 'manual'
  ? ManualClock
  : Choice extends 'fast-forward'
    ? FastForwardClock
    : Choice extends Clock
      ? Choice
      : Clock;

/** A virtual clock starts at `start`, in milliseconds since the epoch. */
export function chooseClock<Choice extends ClockChoice>(choice: Choice, start: number): ChosenClock<Choice> {
  const made = () => {
    if (choice === 'manual') return manualClock(start);
    if (choice === 'fast-forward') return fastForwardClock(start);
    return choice === 'real' ? realClock() : choice;
  };
  return made() as ChosenClock<Choice>;
}
