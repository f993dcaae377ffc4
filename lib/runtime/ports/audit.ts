import type { AuditAction } from '../../core/audit-actions.ts';

export type { AuditAction };

/** What somebody did to a run or a pipeline. */
export interface AuditEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who did it. */
  readonly by: string;
  readonly action: AuditAction;
  readonly pipeline: string;
  readonly run?: string;
  /** What else is worth knowing, e.g. the run that a retry started. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface AuditQuery {
  readonly pipeline?: string;
  readonly action?: AuditAction;
  /** Milliseconds since the epoch; entries from then on. */
  readonly since?: number;
  /** Default 50. */
  readonly limit?: number;
}

/** Who did what, and when. Entries are added and never changed. */
export interface Audit {
  /**
   * @param of what stands in the audit once, however often it is added, e.g. the start of a certain run: the first entry
   * stays. Default: the entry itself, so each is added.
   */
  add(entry: AuditEntry, of?: string): Promise<void>;
  /** Newest first. */
  list(query: AuditQuery): Promise<readonly AuditEntry[]>;
}
