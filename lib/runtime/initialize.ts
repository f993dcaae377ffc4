import { RunExistsError } from '../core/errors/run-exists-error.ts';
import { RunStateError } from '../core/errors/run-state-error.ts';
import { planKey } from './keys.ts';
import { announceLineage } from './lineage/record-lineage.ts';
import type { StageInput } from './messages.ts';
import { type PipelineCode, requirePlan } from './pipeline-code.ts';
import type { Ports } from './ports/ports.ts';
import type { RunRecord } from './ports/run-store.ts';
import { pipelineOf } from './replay/narrowed-plan.ts';
import { requireRun } from './run/enter.ts';

/** Opens the record of a run and says that the run has begun. Throws `RunExistsError`, `PlanChangedError`. */
export async function initialize(
  ports: Pick<Ports, 'objects' | 'runs' | 'bus' | 'clock' | 'logger'>,
  pipeline: PipelineCode,
  input: StageInput,
): Promise<{ readonly run: string }> {
  requirePlan(pipeline.plan, input.planDigest);
  const { run, pipeline: name, planDigest, trigger, startedAt } = input;
  const record: RunRecord = {
    run,
    pipeline: name,
    planDigest,
    trigger,
    startedAt,
    state: 'Triggered',
    transitions: [{ state: 'Triggered', at: ports.clock.now() }],
  };
  if ((await ports.runs.create(record)) === 'exists') await requireSameExecution(ports, input);
  const to = { state: 'Running', phase: 'Initializing' } as const;
  const begun = await ports.runs.change({ run, from: [{ state: 'Triggered' }], to, at: ports.clock.now() });
  // Done before by the same execution; or that one was stopped, and the run ended, while this call was on its way.
  if (!begun) await requireRunning(ports, run);
  await ports.objects.createText(planKey(name, planDigest), JSON.stringify(pipeline.plan));
  await ports.bus.publish({
    type: 'PipelineStarted',
    pipeline: name,
    run,
    at: ports.clock.now(),
    detail: { trigger: trigger.kind, planDigest },
  });
  await announceLineage(ports, pipelineOf(pipeline, trigger), input);
  ports.logger.info('run initialized', { run });
  return { run };
}

async function requireRunning(ports: Pick<Ports, 'runs'>, id: string): Promise<void> {
  const { state, phase } = await requireRun(ports, id);
  if (state === 'Running' && phase !== 'Compensating') return;
  throw new RunStateError({
    problem: `run "${id}" has ended before it began`,
    received: state,
    allowed: 'Triggered, Running',
    change: 'start a new run',
  });
}

async function requireSameExecution(ports: Pick<Ports, 'runs'>, input: StageInput): Promise<void> {
  const existing = await ports.runs.find(input.run);
  if (existing?.startedAt === input.startedAt) return;
  throw new RunExistsError({
    problem: `a run named "${input.run}" belongs to another execution`,
    received: `execution started at ${input.startedAt}`,
    allowed: `execution started at ${existing?.startedAt}`,
    change: 'start the pipeline with another request id',
  });
}
