import { day } from '../../core/durations.ts';
import { RunStateError } from '../../core/errors/run-state-error.ts';
import { longestReview, stagedLife, workTime } from '../../core/staged-life.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunRecord } from '../ports/run-store.ts';
import { requireRun } from '../run/enter.ts';

export interface RedriveRequest {
  readonly run: string;
  readonly stateMachineArn: string;
  /** Who does it; kept in the audit. */
  readonly by: string;
}

/** What is left of the time that staged data is kept has to be enough for the run, and for a review. */
const longestAge = stagedLife - workTime - longestReview;

/**
 * Lets a failed run go on, on its plan: chunks that are done are not done again. Done again after it was cut short, it
 * lets the same redrive go on. Throws `RunMissingError`, and `RunStateError` where nothing was kept of the run, or Step
 * Functions does not go on with its execution.
 */
export async function redriveRun(
  ports: Pick<Ports, 'runs' | 'executions' | 'clock' | 'logger'>,
  { run, stateMachineArn, by }: RedriveRequest,
): Promise<void> {
  const record = await requireRun(ports, run);
  const execution = { stateMachineArn, name: run };
  const cutShort = record.state === 'Running' && record.phase === 'Retrying';
  if (record.phase === 'Kept') requireStaged(record, ports.clock.now());
  // News of its attempts so far that come from now on are old.
  if (!cutShort) await begin(ports, record, { redrives: await ports.executions.attempts(execution), by });
  const outcome = await ports.executions.redrive(execution);
  if (typeof outcome === 'object') {
    await giveBack(ports, record, { by, refused: outcome.refused });
    throw refused(record, outcome.refused);
  }
  ports.logger.info('run redriven', { run });
}

/** The record first: what the execution does next asks whether it is being redriven. */
async function begin(
  ports: Pick<Ports, 'runs' | 'clock'>,
  { run, pipeline }: RunRecord,
  { redrives, by }: { readonly redrives: number; readonly by: string },
): Promise<void> {
  const at = ports.clock.now();
  const begun = await ports.runs.change({
    run,
    from: [{ state: 'Failed', phase: 'Kept' }],
    to: { state: 'Running', phase: 'Retrying' },
    at,
    facts: { redrives, endedAt: null },
    audit: { at, by, action: 'redrive', pipeline, run },
  });
  if (!begun) throw notKept(await requireRun(ports, run));
}

async function giveBack(
  { runs, clock }: Pick<Ports, 'runs' | 'clock'>,
  record: RunRecord,
  { by, refused }: { readonly by: string; readonly refused: string },
): Promise<void> {
  const at = clock.now();
  const { run, pipeline, redrives = null, endedAt = at } = record;
  await runs.change({
    run,
    from: [{ state: 'Running', phase: 'Retrying' }],
    to: { state: 'Failed', phase: 'Kept' },
    at,
    facts: { redrives, endedAt },
    audit: { at, by, action: 'redrive', pipeline, run, detail: { refused } },
  });
}

/** Without what it has read and staged before, a run would take what lies there now for what its finished chunks have read. */
function requireStaged({ run, transitions }: RunRecord, now: number): void {
  const since = transitions.find(({ phase }) => phase === 'Executing')?.at ?? now;
  if (now - since <= longestAge) return;
  throw new RunStateError({
    problem: `what run "${run}" has staged is removed before it could end`,
    received: `staged ${Math.floor((now - since) / day)} days ago`,
    allowed: `${longestAge / day} days: it is kept for ${stagedLife / day}, and the run and its review may take the rest`,
    change: `nothing was changed: start it once more with \`npx penstock run retry ${run}\``,
  });
}

function notKept({ run, state, phase, failure }: RunRecord): RunStateError {
  const changes: Partial<Record<RunRecord['state'], string>> = {
    Completed: 'nothing was changed: the run is complete; replay its rejects, or put a corrected file in its place',
    Failed: `nothing was changed: start it once more with \`npx penstock run retry ${run}\``,
    Cancelled: `nothing was changed: start it once more with \`npx penstock run retry ${run}\``,
  };
  return new RunStateError({
    problem: `run "${run}" can not be redriven`,
    received: [state, phase && `(${phase})`, failure && `after ${failure.error}`].filter(Boolean).join(' '),
    allowed: 'a run that failed for a cause outside of its data and its plan, and of which all is kept',
    change: changes[state] ?? 'nothing was changed: wait for its end, or cancel it',
  });
}

function refused({ run, state }: RunRecord, reason: string): RunStateError {
  return new RunStateError({
    problem: `Step Functions does not go on with run "${run}"`,
    received: `${state}: ${reason}`,
    allowed: 'an execution that failed in the last 14 days',
    change: `nothing was changed: start it once more with \`npx penstock run retry ${run}\``,
  });
}
