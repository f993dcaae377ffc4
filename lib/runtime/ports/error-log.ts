import type { FailureKind } from '../../core/errors/penstock-error.ts';

/** A failure of a run. */
export interface FailureNote {
  /** The same for the same failure, however often it is told. */
  readonly id: string;
  /** The same for failures that are the same but for names, numbers and values. 12 hexadecimal digits. */
  readonly fingerprint: string;
  readonly pipeline: string;
  readonly run: string;
  /** Class name of the error. */
  readonly error: string;
  readonly kind: FailureKind;
  /** Name of the state that failed. */
  readonly state: string;
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Failures of one fingerprint. */
export interface FailurePattern extends Pick<FailureNote, 'fingerprint' | 'pipeline' | 'error' | 'kind' | 'state'> {
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Of the last one. */
  readonly message: string;
  readonly lastRun: string;
}

/** Why runs failed: each reason once. */
export interface ErrorLog {
  /** Counts a failure, once: noted again it changes nothing, and the order of notes does not matter. */
  note(note: FailureNote): Promise<void>;
  /** The pattern that was seen last first. */
  patterns(): Promise<readonly FailurePattern[]>;
  /** The failures of a pattern, the last one first; `limit` of them at most. */
  notes(fingerprint: string, limit: number): Promise<readonly FailureNote[]>;
}
