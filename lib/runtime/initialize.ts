import { RunExistsError } from '../core/errors/run-exists-error.ts';
import { announceLineage } from './lineage/record-lineage.ts';
import type { StageInput } from './messages.ts';
import { type PipelineCode, requirePlan } from './pipeline-code.ts';
import type { Ports } from './ports/ports.ts';
import type { RunRecord } from './ports/run-store.ts';
import { pipelineOf } from './replay/narrowed-plan.ts';

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
  await ports.runs.change({
    run,
    from: [{ state: 'Triggered' }],
    to: { state: 'Running', phase: 'Initializing' },
    at: ports.clock.now(),
  });
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
