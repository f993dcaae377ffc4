import { RunStateError } from '../../core/errors/run-state-error.ts';
import type { RunInput, TriggerIdentity } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import { isOver, type RunRecord } from '../ports/run-store.ts';
import { requireRun } from '../run/enter.ts';
import { runId } from '../run-id.ts';

export interface RetryRequest {
  readonly run: string;
  readonly stateMachineArn: string;
  /** Of the plan that is deployed now. */
  readonly planDigest: string;
  /** Who starts it; kept in the audit. */
  readonly by: string;
}

export interface RetriedRun {
  readonly run: string;
  /** `exists`: somebody started this attempt before, and it has not failed. */
  readonly outcome: 'started' | 'exists';
}

/**
 * Starts what a failed or cancelled run was to do once more, as a new run on the plan that is deployed now. Done again
 * while that one goes on, it finds it. Throws `RunMissingError`, and `RunStateError` where the run has not failed.
 */
export async function retryRun(
  ports: Pick<Ports, 'runs' | 'executions' | 'backfills' | 'audit' | 'clock' | 'logger'>,
  { run, stateMachineArn, planDigest, by }: RetryRequest,
): Promise<RetriedRun> {
  const record = await requireRun(ports, run);
  if (!isOver(record)) throw notFailed(record);
  // Who starts it once more looks after it.
  const lookAfter = () => ports.runs.acknowledge({ run, by, at: ports.clock.now() });
  const last = await lastAttempt(ports, record);
  if (last.state === 'Completed') throw notFailed(last);
  if (!isOver(last)) {
    await lookAfter();
    return { run: last.run, outcome: 'exists' };
  }
  const { pipeline, trigger } = last;
  for (let attempt = trigger.attempt ?? 0; ; attempt++) {
    const again: TriggerIdentity = attempt === 0 && trigger.kind !== 'replay' ? trigger : { ...trigger, attempt };
    const name = runId(pipeline, planDigest, again);
    const earlier = await ports.runs.find(name);
    if (earlier && isOver(earlier)) continue;
    if (earlier?.state === 'Completed') throw notFailed(earlier);
    if (earlier) {
      await lookAfter();
      return { run: name, outcome: 'exists' };
    }
    const input: RunInput = { pipeline, planDigest, trigger: again };
    // Before it is started: who is cut off behind that finds it started when they ask again.
    const entry = { at: ports.clock.now(), by, action: 'retry', pipeline, run, detail: { started: name } } as const;
    await ports.audit.add(entry, name);
    // Who asks for the backfill again, whatever is deployed by then, has to find it.
    if (trigger.kind === 'backfill')
      await ports.backfills.noteSlice(trigger.of, { slice: trigger.slice, run: name, attempt });
    const outcome = await ports.executions.start({ stateMachineArn, name, input });
    await lookAfter();
    ports.logger.info('run tried again', { run, started: name, outcome });
    return { run: name, outcome };
  }
}

/** Of a slice that which its backfill knows as the last: it may be of another plan, begun by whoever asked for it again. */
async function lastAttempt({ backfills, runs }: Pick<Ports, 'backfills' | 'runs'>, run: RunRecord): Promise<RunRecord> {
  const { trigger } = run;
  if (trigger.kind !== 'backfill') return run;
  const noted = (await backfills.slices(trigger.of)).find(({ slice }) => slice === trigger.slice);
  return (noted && (await runs.find(noted.run))) ?? run;
}

function notFailed({ run, state }: RunRecord): RunStateError {
  return new RunStateError({
    problem: `run "${run}" has not failed, so there is nothing to try again`,
    received: state,
    allowed: ['Failed', 'Cancelled'],
    change:
      state === 'Completed'
        ? 'replay its rejects, or put a corrected file in its place'
        : 'wait for its end, or cancel it',
  });
}
