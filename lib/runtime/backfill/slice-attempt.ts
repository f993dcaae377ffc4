import type { ParameterValues } from '../../component/parameter.ts';
import type { TriggerIdentity } from '../messages.ts';
import type { BackfillRecord, SliceRun } from '../ports/backfill-store.ts';
import type { Ports } from '../ports/ports.ts';
import { isOver, type RunRecord } from '../ports/run-store.ts';
import { runId } from '../run-id.ts';
import { boundsOf, type Slice } from './cut-range.ts';

/** What is to run, or runs, or has run. */
export interface SliceAttempt extends SliceRun {
  readonly trigger: TriggerIdentity;
  /** Absent: nothing of it was begun. */
  readonly record?: RunRecord;
}

interface Deployed {
  readonly planDigest: string;
  readonly backfill: BackfillRecord;
}

/**
 * The attempt at a slice that counts: the last one, or the next where that failed.
 * @param noted the last one that is known
 */
export async function sliceAttempt(
  { runs }: Pick<Ports, 'runs'>,
  { planDigest, backfill }: Deployed,
  slice: Slice,
  noted?: SliceRun,
): Promise<SliceAttempt> {
  const before = noted && (await runs.find(noted.run));
  const parameters: ParameterValues = { ...backfill.parameters, ...boundsOf(slice, backfill.bounds) };
  const { id: of, pipeline, tables } = backfill;
  for (let attempt = noted?.attempt ?? 0; ; attempt++) {
    const trigger: TriggerIdentity = {
      kind: 'backfill',
      of,
      slice: slice.from,
      tables,
      parameters,
      ...(attempt > 0 && { attempt }),
    };
    // Of an earlier plan: the same attempt may have been made on the one that is deployed.
    const known = attempt === noted?.attempt && before && !isOver(before) ? before : undefined;
    const run = known?.run ?? runId(pipeline, planDigest, trigger);
    const record = run === before?.run ? before : await runs.find(run);
    // Somebody may have tried the run again by its id.
    if (record && isOver(record)) continue;
    return { slice: slice.from, run, attempt, trigger, ...(record && { record }) };
  }
}
