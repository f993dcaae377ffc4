import { PlanInconsistentError } from '../core/errors/plan-inconsistent-error.ts';
import { planKey } from './keys.ts';
import type { PipelineCode } from './pipeline-code.ts';
import type { PipelineState } from './ports/pipeline-store.ts';
import type { Ports } from './ports/ports.ts';

/** Who looks at what is deployed: the first run that begins on it. */
const by = 'its first run';
const looked = ['Created', 'Validating', 'Validated', 'Invalid', 'Scheduled'] as const;

/**
 * Looks once at a plan that was deployed, before a run begins on it, keeps it, and notes how far the pipeline has come. Done again
 * after it was cut short it does the rest; a pipeline that is paused stays so. Throws `PlanInconsistentError`.
 */
export async function schedulePipeline(
  { objects, pipelines, clock }: Pick<Ports, 'objects' | 'pipelines' | 'clock'>,
  code: PipelineCode,
): Promise<void> {
  const { pipeline, digest: planDigest } = code.plan;
  const record = await pipelines.find(pipeline);
  if (record?.state === 'Scheduled' && record.planDigest === planDigest) return;
  // Before the last step: whoever finds that done does not come here again.
  await objects.createText(planKey(pipeline, planDigest), JSON.stringify(code.plan));
  if (record?.state === 'Paused') return;
  const move = (from: readonly (PipelineState | undefined)[], to: PipelineState, problem?: string) =>
    pipelines.change({
      pipeline,
      from,
      to,
      by,
      at: clock.now(),
      planDigest,
      ...(problem !== undefined && { problem }),
    });
  if (!record) await move([undefined], 'Created');
  await move(looked, 'Validating');
  const missing = missingConnectors(code);
  if (missing.length > 0) {
    await move(['Validating'], 'Invalid', `the bundle lacks ${missing.join(', ')}`);
    throw new PlanInconsistentError({
      problem: `the bundle of the pipeline "${pipeline}" lacks connectors that its plan names`,
      received: missing,
      allowed: Object.keys(code.components),
      change: 'synthesize and deploy the pipeline again',
    });
  }
  await move(['Validating'], 'Validated');
  await move(['Validated'], 'Scheduled');
}

function missingConnectors({ plan, components }: PipelineCode): readonly string[] {
  const named = plan.nodes.filter(({ kind }) => kind !== 'step').map(({ component }) => component);
  return [...new Set(named)].filter((name) => components[name] === undefined);
}
