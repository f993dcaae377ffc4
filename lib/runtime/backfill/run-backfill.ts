import { second } from '../../core/durations.ts';
import type { RunInput } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunRecord } from '../ports/run-store.ts';
import type { BegunBackfill } from './begin-backfill.ts';
import { stopExecution } from './cancel-backfill.ts';
import type { Slice } from './cut-range.ts';
import { type BackfillProgress, backfillProgress, progressOf } from './progress.ts';
import { type SliceAttempt, sliceAttempt } from './slice-attempt.ts';

export interface BackfillWork {
  readonly begun: BegunBackfill;
  /** Of the plan that is deployed. */
  readonly planDigest: string;
  readonly stateMachineArn: string;
  /** Slices at work at the same time. */
  readonly parallel: number;
  /** Told whenever a slice has ended. */
  progress?(progress: BackfillProgress): void;
  /** Once it is given, no further slice begins; those at work go on. */
  readonly signal?: AbortSignal;
}

type WorkPorts = Pick<Ports, 'backfills' | 'runs' | 'executions' | 'clock' | 'logger'>;

const askMilliseconds = 0.5 * second;

/**
 * Runs the slices that are missing, each at most once: one that fails is left for the next time. Ends when none is at work
 * any more. Which slices are done is told by their runs, so that whoever goes on with it needs nothing else.
 */
export async function runBackfill(ports: WorkPorts, work: BackfillWork): Promise<BackfillProgress> {
  const { begun, planDigest, parallel, signal } = work;
  const { record: backfill, slices } = begun;
  const noted = new Map((await ports.backfills.slices(backfill.id)).map((one) => [one.slice, one]));
  const records = new Map<string, RunRecord>();
  const atWork = new Map<string, SliceAttempt>();
  const progress = () =>
    progressOf(
      slices.length,
      [...records].map(([slice, record]) => ({ slice, record })),
      parallel,
    );
  const waiting = slices.values();
  for (let open = true; open || atWork.size > 0; ) {
    open = open && !signal?.aborted && (await isOpen(ports, work));
    while (open && atWork.size < parallel) {
      const { value: slice, done } = waiting.next();
      if (done) open = false;
      else await take(slice);
    }
    for (const [slice, { run }] of atWork) {
      const record = await ports.runs.find(run);
      if (record) records.set(slice, record);
      if (record?.endedAt === undefined) continue;
      atWork.delete(slice);
      work.progress?.(progress());
    }
    if (atWork.size > 0) await ports.clock.sleep(askMilliseconds);
  }
  // Slices that were done before may not have been come to.
  const all = await backfillProgress(ports, backfill);
  if (all.completed === slices.length) await ports.backfills.close(backfill, 'Completed');
  ports.logger.info('backfill at rest', { backfill: backfill.id, completed: all.completed, failed: all.failed });
  return all;

  async function take(slice: Slice): Promise<void> {
    const attempt = await sliceAttempt(ports, { planDigest, backfill }, slice, noted.get(slice.from));
    if (attempt.record?.state === 'Completed') {
      // Of a run that somebody has tried again by its id nobody else has noted the attempt.
      if (attempt.run !== noted.get(slice.from)?.run) await note(ports, work, attempt);
      return void records.set(slice.from, attempt.record);
    }
    await start(ports, work, attempt);
    atWork.set(slice.from, attempt);
  }
}

function note({ backfills }: WorkPorts, { begun }: Pick<BackfillWork, 'begun'>, { slice, run, attempt }: SliceAttempt) {
  return backfills.noteSlice(begun.record.id, { slice, run, attempt });
}

/** Noted first: a run that somebody finds is always one of the backfill's. */
async function start(ports: WorkPorts, { begun, planDigest, stateMachineArn }: BackfillWork, attempt: SliceAttempt) {
  const { run, trigger, record } = attempt;
  await note(ports, { begun }, attempt);
  if (record) return;
  const { pipeline } = begun.record;
  const input: RunInput = { pipeline, planDigest, trigger };
  await ports.executions.start({ stateMachineArn, name: run, input });
  // Who cancelled it since it was looked at may have found nothing to stop.
  if (!(await isOpen(ports, { begun })))
    await stopExecution(ports, { stateMachineArn, run, cause: 'its backfill was cancelled' });
}

/** Somebody may have cancelled it. */
async function isOpen({ backfills }: WorkPorts, { begun }: Pick<BackfillWork, 'begun'>): Promise<boolean> {
  const { pipeline, id } = begun.record;
  return (await backfills.find(pipeline, id))?.state === 'Open';
}
