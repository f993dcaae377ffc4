import { leaseNeeds, pipelineLease } from '../component/lease-needs.ts';
import { RunExistsError } from '../core/errors/run-exists-error.ts';
import { type Admission, admit } from './admission/admit.ts';
import { leftFiles } from './admission/left-files.ts';
import { wentOn } from './admission/went-on.ts';
import { announceLineage } from './lineage/record-lineage.ts';
import type { StageInput } from './messages.ts';
import { type PipelineCode, requirePlan } from './pipeline-code.ts';
import type { Ports } from './ports/ports.ts';
import type { RunChange, RunFailure, RunRecord } from './ports/run-store.ts';
import { pipelineOf } from './replay/narrowed-plan.ts';
import { requireRun } from './run/enter.ts';
import { requireParameters } from './run-parameters.ts';
import { isSameMoment } from './same-moment.ts';
import { schedulePipeline } from './schedule-pipeline.ts';

export interface InitializeOutput {
  readonly run: string;
  /** Where the pipeline limits its runs. Until the run is admitted, Initialize is to be asked again. */
  readonly admission?: Admission;
}

/**
 * Opens the record of a run and, once it is admitted, lets the run begin. Throws `RunExistsError`,
 * `PlanChangedError`, `ParameterInvalidError`.
 */
export async function initialize(
  ports: Pick<Ports, 'objects' | 'runs' | 'pipelines' | 'leases' | 'bus' | 'clock' | 'logger'>,
  pipeline: PipelineCode,
  input: StageInput,
): Promise<InitializeOutput> {
  requirePlan(pipeline.plan, input.planDigest);
  const { run, pipeline: name, planDigest, trigger, startedAt } = input;
  const parameters = requireParameters(pipeline.plan, trigger.parameters);
  const record: RunRecord = {
    run,
    pipeline: name,
    planDigest,
    trigger,
    startedAt,
    ...(pipeline.plan.parameters && { parameters }),
    state: 'Triggered',
    transitions: [{ state: 'Triggered', at: ports.clock.now() }],
  };
  if ((await ports.runs.create(record)) === 'exists') {
    const existing = await requireSameExecution(ports, input);
    const by = existing.failure?.skippedFor;
    if (by !== undefined) return skip(ports, { pipeline, input, by });
    if (!isBeginning(existing)) return comeLate(ports, pipeline, input);
    if (existing.redrives !== undefined) await ports.runs.forgetFailedAttempts(run);
  }
  await schedulePipeline(ports, pipeline);
  const asks = { plan: pipeline.plan, input, during: beginning };
  const admission = isLimited(pipeline) ? await admit(ports, asks) : undefined;
  if (isLimited(pipeline) && !admission) return comeLate(ports, pipeline, input);
  if (admission?.outcome === 'skipped') return skip(ports, { pipeline, input, by: admission.by });
  if (admission?.outcome === 'waiting') return { run, admission };
  const to = { state: 'Running', phase: 'Initializing' } as const;
  // What a redriven run failed of is over.
  const begun = await ports.runs.change({ run, from: beginning, to, at: ports.clock.now(), facts: { failure: null } });
  // Done before by the same execution; or that one was stopped, and the run ended, while this call was on its way.
  if (!begun) await wentOn(ports, run);
  await announceLineage(ports, pipelineOf(pipeline, trigger), input);
  ports.logger.info('run initialized', { run });
  return { run, ...(admission && { admission }) };
}

/** States in which a run is still to begin. */
const beginning: RunChange['from'] = [{ state: 'Triggered' }, { state: 'Running', phase: 'Retrying' }];

const isBeginning = ({ state, phase }: RunRecord) =>
  beginning.some((one) => one.state === state && one.phase === phase);

const isLimited = ({ plan }: PipelineCode) => leaseNeeds(plan).length > 0;

/**
 * The run has begun: this call is done again because its answer was lost, or comes late. It takes nothing: what the run
 * needs it has, or has lent while a person decides, or has given back.
 */
async function comeLate(
  ports: Pick<Ports, 'objects' | 'runs' | 'bus'>,
  pipeline: PipelineCode,
  input: StageInput,
): Promise<InitializeOutput> {
  const admission = await wentOn(ports, input.run);
  await announceLineage(ports, pipelineOf(pipeline, input.trigger), input);
  return { run: input.run, ...(isLimited(pipeline) && { admission }) };
}

/** Not a failure: the pipeline asks for it. It may have waited before, and stands in line no longer. */
async function skip(
  { runs, leases, clock, logger }: Pick<Ports, 'runs' | 'leases' | 'clock' | 'logger'>,
  { pipeline, input, by }: { readonly pipeline: PipelineCode; readonly input: StageInput; readonly by: string },
): Promise<InitializeOutput> {
  const { run, trigger } = input;
  const failure: RunFailure = {
    error: 'RunSkipped',
    code: 'RUN_SKIPPED',
    message: `run ${by} is at work, and the pipeline skips runs that overlap; ${leftFiles(pipeline.plan, trigger, run)}`,
    state: 'Initialize',
    disposition: 'terminal',
    kind: 'permanent',
    skippedFor: by,
  };
  const at = clock.now();
  const to = { state: 'Cancelled' } as const;
  const skipped = await runs.change({ run, from: beginning, to, at, facts: { failure, endedAt: at } });
  // Skipped before, by a call whose answer was lost; else somebody who cancels it counts on its execution to undo it.
  if (!skipped && (await requireRun({ runs }, run)).failure?.skippedFor === undefined)
    return { run, admission: await wentOn({ runs }, run) };
  if (pipeline.plan.overlap) await leases.leave(pipelineLease(pipeline.plan.pipeline), run);
  logger.info('run skipped', { run, by });
  return { run, admission: { outcome: 'skipped', by } };
}

async function requireSameExecution(ports: Pick<Ports, 'runs'>, input: StageInput): Promise<RunRecord> {
  const existing = await ports.runs.find(input.run);
  if (existing && isSameMoment(existing.startedAt, input.startedAt)) return existing;
  throw new RunExistsError({
    problem: `a run named "${input.run}" belongs to another execution`,
    received: `execution started at ${input.startedAt}`,
    allowed: `execution started at ${existing?.startedAt}`,
    change: 'start the pipeline with another request id',
  });
}
