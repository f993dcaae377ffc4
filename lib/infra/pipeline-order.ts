import type { Plan } from '../component/plan.ts';
import { PipelineCycleError } from './errors.ts';

/** The pipelines whose completed runs start this one. */
export function pipelinesBefore({ triggers }: Pick<Plan, 'triggers'>): readonly string[] {
  return triggers.flatMap((trigger) => (trigger.kind === 'pipeline' ? [trigger.pipeline] : []));
}

/**
 * Names of the pipelines, those that start others before these. Names that no plan has may be those of another app.
 * Throws `PipelineCycleError`.
 */
export function orderPipelines(plans: readonly Pick<Plan, 'pipeline' | 'triggers'>[]): readonly string[] {
  const before = new Map(plans.map((plan) => [plan.pipeline, pipelinesBefore(plan)]));
  const ordered = new Set<string>();
  const visit = (pipeline: string, path: readonly string[]) => {
    if (path.includes(pipeline))
      throw new PipelineCycleError([...path.slice(path.indexOf(pipeline)), pipeline].reverse());
    if (ordered.has(pipeline)) return;
    for (const earlier of before.get(pipeline) ?? []) visit(earlier, [...path, pipeline]);
    if (before.has(pipeline)) ordered.add(pipeline);
  };
  for (const { pipeline } of plans) visit(pipeline, []);
  return [...ordered];
}
