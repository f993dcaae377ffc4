import { hour, minute, second } from './durations.ts';

/** When a system outside is left alone, and for how long. Times in milliseconds. */
export const circuitPolicy = {
  /** So many failed calls within `window`, each after the client's own attempts, open the circuit. */
  failures: 5,
  window: minute,
  /** How long it stays open: at first, and at most; twice as long each time that the probe fails. */
  firstDelay: 30 * second,
  longestDelay: 15 * minute,
  /** A probe that says nothing for so long is given up, and another may be made. */
  probe: minute,
  /** Who comes while the probe is under way asks again after this. */
  duringProbe: 10 * second,
  /** What a process knows of a circuit is read anew after this. */
  refresh: 10 * second,
  /** A system that has been away for so long is waited for no longer. */
  patience: 6 * hour,
} as const;
