import type { BackfillRecord } from '../ports/backfill-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunRecord } from '../ports/run-store.ts';

/** How far a backfill has come. */
export interface BackfillProgress {
  readonly slices: number;
  readonly completed: number;
  readonly failed: number;
  /** Cancelled by a person, or by the cancelling of the backfill. */
  readonly stopped: number;
  /** At work, or waiting for a person. */
  readonly running: number;
  /** Published by completed slices, in all tables together. */
  readonly rows: number;
  /**
   * Until the slices have ended that are at work or have yet to begin, by the time that completed ones took. Absent: none
   * has completed, or nothing is left. What failed or was stopped waits for somebody.
   */
  readonly remainingMilliseconds?: number;
  /** The runs of slices that failed, by the slice. */
  readonly failures: Readonly<Record<string, string>>;
  /** Those of slices that were stopped. */
  readonly stops: Readonly<Record<string, string>>;
}

/** @param parallel slices that are at work at the same time */
export function progressOf(
  slices: number,
  runs: readonly { readonly slice: string; readonly record: RunRecord }[],
  parallel: number,
): BackfillProgress {
  const inState = (...states: readonly RunRecord['state'][]) =>
    runs.filter(({ record }) => states.includes(record.state));
  const completed = inState('Completed');
  const failed = inState('Failed');
  const stopped = inState('Cancelled');
  const bySlice = (ended: typeof failed) => Object.fromEntries(ended.map(({ slice, record }) => [slice, record.run]));
  const took = completed.map(({ record }) => (record.endedAt ?? 0) - Date.parse(record.startedAt));
  const left = slices - completed.length - failed.length - stopped.length;
  const mean = took.reduce((sum, one) => sum + Math.max(one, 0), 0) / took.length;
  const rows = completed.flatMap(({ record }) => Object.values(record.totals?.tables ?? {}));
  return {
    slices,
    completed: completed.length,
    failed: failed.length,
    stopped: stopped.length,
    running: runs.length - completed.length - failed.length - stopped.length,
    rows: rows.reduce((sum, one) => sum + one, 0),
    ...(took.length > 0 && left > 0 && { remainingMilliseconds: Math.round((mean * left) / Math.min(parallel, left)) }),
    failures: bySlice(failed),
    stops: bySlice(stopped),
  };
}

/** The same for one that may be at work elsewhere. */
export async function backfillProgress(
  { backfills, runs }: Pick<Ports, 'backfills' | 'runs'>,
  { id, slices }: Pick<BackfillRecord, 'id' | 'slices'>,
): Promise<BackfillProgress> {
  const noted = await backfills.slices(id);
  const found = await Promise.all(
    noted.map(async ({ slice, run }) => {
      const record = await runs.find(run);
      return record ? [{ slice, record }] : [];
    }),
  );
  const records = found.flat();
  const atWork = records.filter(({ record }) => record.endedAt === undefined).length;
  return progressOf(slices, records, Math.max(atWork, 1));
}
