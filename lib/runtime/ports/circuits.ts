import type { AuditEntry } from './audit.ts';

export type CircuitState = 'closed' | 'open' | 'half-open';

/** How things stand with a system outside, the same for all workers. Times in milliseconds since the epoch. */
export interface Circuit {
  /** e.g. `lake` */
  readonly system: string;
  readonly state: CircuitState;
  /** Counts the changes of this record: it is the fence of whoever makes the next one. */
  readonly version: number;
  /** Closed: failed calls since `since`. Else: failed calls and probes since it opened. */
  readonly failures: number;
  /** When the counting of failures began; open or half-open: when it opened. */
  readonly since: number;
  /** Open: not called before. Half-open: the probe is given up by then. Absent: closed. */
  readonly retryAt?: number;
  /** How long it stays open this time, or did the last time. Absent: it has not been open. */
  readonly delay?: number;
  /** Name of the last failure. */
  readonly error?: string;
  /** Pipeline whose call made the last change. */
  readonly pipeline: string;
  /** Who closed it by hand. */
  readonly by?: string;
  readonly at: number;
}

/** Circuits of all systems. */
export interface Circuits {
  /** Reads what was written last. Undefined: nothing has ever failed. */
  find(system: string): Promise<Circuit | undefined>;
  /** By name. */
  list(): Promise<readonly Circuit[]>;
  /** Writes an entry of the audit with it. False where another version than the one before this is there; nothing was written. */
  change(circuit: Circuit, audit?: AuditEntry): Promise<boolean>;
  /** Puts back what was lost. False where there is one; it stays as it is. */
  restore(circuit: Circuit): Promise<boolean>;
}
