import { placeOf } from '../component/output-place.ts';
import type { errorCatalogue } from '../core/errors/catalogue.ts';
import type { FailureKind } from '../core/errors/penstock-error.ts';
import { failureKind } from '../core/retryable-errors.ts';
import { keptTime } from '../core/staged-life.ts';
import { heldLeases, releaseHeld, releaseLeases } from './admission/release-leases.ts';
import { dataPrefix, runKeys } from './keys.ts';
import { recordLineage } from './lineage/record-lineage.ts';
import type { FailureInput } from './messages.ts';
import { outputs, type PipelineCode } from './pipeline-code.ts';
import type { RunFailure, RunRecord } from './ports/run-store.ts';
import { releaseInputs } from './publish/claim-inputs.ts';
import { type CommitPorts, commit } from './publish/commit.ts';
import { TableTurn } from './publish/table-turn.ts';
import { pipelineOf } from './replay/narrowed-plan.ts';
import { enter, requireRun } from './run/enter.ts';

/** Name of the error of a run that somebody cancelled. Not taken from its class: bundles give classes shorter names. */
export const cancelledError = 'RunCancelledError' satisfies keyof typeof errorCatalogue;

/** Stands for the name of a state where it was no state that failed. */
export const wholeRun = 'the run as a whole';

/** `Completed`: a table was published before the failure, so the run was brought to its end instead of being undone. */
export interface CompensateOutput {
  readonly state: 'Failed' | 'Cancelled' | 'Completed';
  readonly failure: RunFailure;
}

/**
 * Ends a run that failed, or was stopped. Where no table was published, its data is removed (rejects and reports stay)
 * and the run is `Failed`, or `Cancelled`; where it failed for a cause outside of its data and its plan, which may be
 * gone another time, the data is kept out of sight for a redrive. Where a table was published, the rest is published too: readers see all of a run or
 * nothing. Doing it again is harmless.
 */
export async function compensate(
  ports: CommitPorts,
  code: PipelineCode,
  input: FailureInput,
): Promise<CompensateOutput> {
  const pipeline = pipelineOf(code, input.trigger);
  const record = await ports.runs.find(input.run);
  // Of a run that somebody cancels, whatever fails next does so because of that.
  const cancelled = record?.failure?.error === cancelledError ? record.failure : undefined;
  const failure = cancelled ?? classify(await underlying(ports, input));
  const ending = cancelled ? 'Cancelled' : (input.ending ?? 'Failed');
  if (!record) return { state: ending, failure };
  if (record.state !== ending && !(await shutTheDoor(ports, input))) {
    await releaseLeases(ports, code.plan, input.run);
    await recordLineage(ports, pipeline, input);
    return { state: 'Completed', failure };
  }
  const published = await publishedTables(ports, pipeline, input.run);
  if (published.length > 0) return complete(ports, pipeline, input, failure);
  // Only Commit claims, and only what Extract had listed.
  if (record.extract) await releaseInputs(ports, input);
  const kept = ending === 'Failed' && input.state !== wholeRun && mayPass(failure);
  if (kept) await ports.runs.keep(input.pipeline, input.run, ports.clock.now() + keptTime);
  else await removeData(ports, pipeline, input);
  // Before its end is told: from then on somebody may redrive it.
  const held = kept ? await heldLeases(ports, code.plan, input.run) : undefined;
  await enter(ports, {
    run: input.run,
    from: [{ state: 'Running', phase: 'Compensating' }, { state: ending }],
    to: { state: ending, ...(kept && { phase: 'Kept' }) },
    facts: { failure, endedAt: ports.clock.now() },
  });
  if (held) await releaseHeld(ports, held, input.run);
  else await releaseLeases(ports, code.plan, input.run);
  if (record.publish) await releaseTurns(ports, pipeline, input.run);
  await recordLineage(ports, pipeline, input);
  ports.logger.warn('run was undone', { run: input.run, ending, kept, error: failure.error, state: failure.state });
  return { state: ending, failure };
}

/** The same data on the same plan may end otherwise. */
function mayPass({ kind }: RunFailure): boolean {
  return kind !== undefined && kind !== 'data' && kind !== 'permanent';
}

/** From here on no Commit of this run, however late, can claim a file or move a table. False: it was completed before. */
async function shutTheDoor(ports: CommitPorts, { run }: FailureInput): Promise<boolean> {
  const open: readonly RunRecord['state'][] = ['Triggered', 'Running', 'AwaitingReview'];
  const to = { state: 'Running', phase: 'Compensating' } as const;
  const shut = await ports.runs.change({ run, from: open.map((state) => ({ state })), to, at: ports.clock.now() });
  if (shut) return true;
  const { state } = await requireRun(ports, run);
  return state !== 'Completed';
}

async function publishedTables(ports: CommitPorts, pipeline: PipelineCode, run: string): Promise<readonly string[]> {
  const tables = outputs(pipeline.plan).map(({ table }) => table);
  const begun = await Promise.all(tables.map((table) => ports.tables.begun(table, run)));
  return tables.filter((_, index) => begun[index]);
}

/** A Commit that was cut short may have left it its turn. */
async function releaseTurns(ports: CommitPorts, pipeline: PipelineCode, run: string): Promise<void> {
  for (const { table } of outputs(pipeline.plan)) await new TableTurn(ports, table, run).release();
}

async function complete(
  ports: CommitPorts,
  pipeline: PipelineCode,
  input: FailureInput,
  failure: RunFailure,
): Promise<CompensateOutput> {
  await enter(ports, {
    run: input.run,
    from: [{ state: 'Running', phase: 'Compensating' }],
    to: { state: 'Running', phase: 'Completing' },
    facts: { failure },
  });
  await commit(ports, pipeline, input);
  ports.logger.warn('run failed after a table was published and was completed', {
    run: input.run,
    error: failure.error,
  });
  return { state: 'Completed', failure };
}

/** The list of inputs stays, because a repeated compensation releases by it; the bucket's lifecycle takes it away. */
export async function removeData(
  ports: Pick<CommitPorts, 'objects'>,
  pipeline: PipelineCode,
  { pipeline: name, run }: Pick<FailureInput, 'pipeline' | 'run'>,
): Promise<void> {
  const keys = runKeys(name, run);
  const prefixes = [...outputs(pipeline.plan).map((output) => dataPrefix(placeOf(output), run)), keys.staged];
  for (const prefix of prefixes) {
    const batch: string[] = [];
    for await (const { key } of ports.objects.list(prefix)) {
      if (key === keys.inputs) continue;
      batch.push(key);
      if (batch.length === 1000) await ports.objects.remove(batch.splice(0));
    }
    await ports.objects.remove(batch);
  }
}

/** A Map that failed names no reason of its own: that of its first chunk that never succeeded is the run's. */
async function underlying(ports: Pick<CommitPorts, 'runs'>, input: FailureInput): Promise<FailureInput> {
  if (input.error.Error !== 'States.ExceedToleratedFailureThreshold') return input;
  for (const { stage, chunk, error, cause } of await ports.runs.chunkFailures(input.run)) {
    if (await ports.runs.ledgerRecord(input.run, stage, chunk)) continue;
    return { ...input, error: { Error: error, Cause: cause } };
  }
  return input;
}

function classify({ error, state }: FailureInput): RunFailure {
  const { code, message, kind: told } = detailsOf(error.Cause);
  const kind = failureKind(error.Error, told);
  return {
    error: error.Error,
    ...(code !== undefined && { code }),
    message: message || error.Error,
    state,
    kind,
    disposition: kind === 'transient' || kind === 'throttled' ? 'retryable' : 'terminal',
  };
}

interface FailureDetails {
  readonly code?: string;
  readonly message?: string;
  readonly kind?: FailureKind;
}

/** A cause is our JSON, Lambda's JSON, or text of a service. */
function detailsOf(cause: string | undefined): FailureDetails {
  if (cause === undefined) return {};
  try {
    const { code, errorMessage, kind } = JSON.parse(cause) as Record<string, unknown>;
    return {
      ...(typeof code === 'string' && { code }),
      ...(typeof kind === 'string' && { kind: kind as FailureKind }),
      message: typeof errorMessage === 'string' ? errorMessage.slice(0, 4_000) : cause.slice(0, 4_000),
    };
  } catch {
    return { message: cause.slice(0, 4_000) };
  }
}
