import type { RunChange } from './run-store.ts';

/** Who may be at work under a name that only so many runs may share, and who waits for it. */
export interface Lease {
  /** The fence of each run that holds it: a number that no other taking of this lease has. */
  readonly holders: Readonly<Record<string, number>>;
  /** Start of each run that waits (ISO 8601), by its id. */
  readonly waiting: Readonly<Record<string, string>>;
}

/** Leases of the run store. Every step is one conditional write, so no clock decides who has one. */
export interface Leases {
  /** Reads what was written last. */
  find(name: string): Promise<Lease>;
  /**
   * True where the run has the lease now, or had it before; false where `limit` runs have it. It waits no longer. Who has
   * it already has it anew, with another fence: who found that the run had ended, before it was redriven, takes it from the
   * earlier taking alone.
   */
  take(name: string, run: string, limit: number): Promise<boolean>;
  /** The same, only while the run is in one of these states. `late`: it is not, and nothing was changed. */
  admit(name: string, run: string, limit: number, during: RunChange['from']): Promise<'admitted' | 'full' | 'late'>;
  /**
   * Puts the run among those that wait, only while it is in one of these states: false where it is not. Where very many
   * wait, it is left out until it asks again.
   */
  wait(name: string, run: string, since: string, during: RunChange['from']): Promise<boolean>;
  /** Gives up the place among those that wait. Nothing happens where the run has none. */
  leave(name: string, run: string): Promise<void>;
  /** Gives the lease back, and the place among those that wait. Nothing happens where the run has neither. */
  release(name: string, run: string): Promise<void>;
  /** Takes the lease from a run that has ended, if it is the taking with this fence. */
  expire(name: string, run: string, fence: number): Promise<void>;
}
