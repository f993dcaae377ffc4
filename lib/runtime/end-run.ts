import { MessageMalformedError } from '../core/errors/message-malformed-error.ts';
import { type CompensateOutput, compensate, wholeRun } from './compensate.ts';
import type { ExecutionEnded, FailureInput, RunInput } from './messages.ts';
import type { PipelineCode } from './pipeline-code.ts';
import type { RunRecord } from './ports/run-store.ts';
import type { CommitPorts } from './publish/commit.ts';
import { isSameMoment } from './same-moment.ts';
import { settleEnd } from './settle-end.ts';

/**
 * Ends a run whose execution was stopped, ran out of time as a whole, or failed without having ended the run itself. A
 * run that has come to an end stays as it is, whatever was done to its execution afterwards; only what was to follow that
 * end is done once more. Doing it again is harmless.
 * Throws `MessageMalformedError`, and as `compensate` does.
 */
export async function endRun(
  ports: CommitPorts,
  pipeline: PipelineCode,
  ended: ExecutionEnded,
): Promise<CompensateOutput | { readonly state: 'kept' }> {
  const record = await recordOf(ports, ended);
  const { run, pipeline: name, planDigest, trigger, startedAt, state, failure, redrives = 0 } = record;
  // Names of executions are free again after 90 days.
  if (!isSameMoment(startedAt, startOf(ended))) return { state: 'kept' };
  // News of an attempt that may come after the next one was begun.
  if ((ended.redriveCount ?? 0) < redrives) return { state: 'kept' };
  const over = state === 'Completed' || state === 'Failed' || state === 'Cancelled';
  if (over) {
    await settleEnd(ports, pipeline, record);
    return failure?.state === wholeRun ? { state, failure } : { state: 'kept' };
  }
  const input: FailureInput = { run, pipeline: name, planDigest, trigger, startedAt, ...reasonOf(ended) };
  return compensate(ports, pipeline, input);
}

/** An execution that ended before its first state did has no record yet: it gets one, which shuts the door to that state. */
async function recordOf(ports: CommitPorts, ended: ExecutionEnded): Promise<RunRecord> {
  const existing = await ports.runs.find(ended.name);
  if (existing) return existing;
  const { pipeline, planDigest, trigger } = inputOf(ended);
  const record: RunRecord = {
    run: ended.name,
    pipeline,
    planDigest,
    trigger,
    startedAt: startOf(ended),
    state: 'Triggered',
    transitions: [{ state: 'Triggered', at: ports.clock.now() }],
  };
  if ((await ports.runs.create(record)) === 'created') return record;
  return (await ports.runs.find(ended.name)) ?? record;
}

/** As `$states.context.Execution.StartTime` has it. */
function startOf({ startDate }: ExecutionEnded): string {
  return new Date(startDate).toISOString();
}

function inputOf({ name, input }: ExecutionEnded): RunInput {
  if (input !== null) return JSON.parse(input) as RunInput;
  throw new MessageMalformedError({
    problem: 'an execution without a record has ended, and its input is not told',
    received: name,
    allowed: 'an execution whose input is below 248 KB',
    change: 'start the pipeline again; the run has done nothing',
  });
}

function reasonOf({ status, error, cause }: ExecutionEnded): Pick<FailureInput, 'error' | 'ending' | 'state'> {
  const names = { ABORTED: 'RunCancelledError', TIMED_OUT: 'States.Timeout', FAILED: 'States.Runtime' };
  const causes = {
    ABORTED: 'its execution was stopped',
    TIMED_OUT: 'the time limit of the whole run has passed',
    FAILED: 'its execution failed before the run was undone',
  };
  return {
    state: wholeRun,
    error: { Error: error ?? names[status], Cause: cause ?? causes[status] },
    ending: status === 'ABORTED' ? 'Cancelled' : 'Failed',
  };
}
