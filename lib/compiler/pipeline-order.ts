import { isOfPenstock, matchesText } from '../component/event-filters.ts';
import type { Plan } from '../component/plan.ts';
import { PipelineCycleError } from './pipeline-cycle-error.ts';

/** Pipelines whose runs start this one: those that it names, and those of `all` whose events its triggers ask for. */
export function pipelinesBefore({ triggers }: Pick<Plan, 'triggers'>, all: readonly string[] = []): readonly string[] {
  const before = triggers.flatMap((trigger) => {
    if (trigger.kind === 'pipeline') return [trigger.pipeline];
    if (trigger.kind !== 'event' || !isOfPenstock(trigger)) return [];
    const filters = trigger.detail?.pipeline;
    return Array.isArray(filters) ? all.filter((name) => matchesText(filters, name)) : all;
  });
  return [...new Set(before)];
}

/**
 * Names of the pipelines, those that start others before these. Names that no plan has may be those of another app.
 * Throws `PipelineCycleError`.
 */
export function orderPipelines(plans: readonly Pick<Plan, 'pipeline' | 'triggers'>[]): readonly string[] {
  const all = plans.map(({ pipeline }) => pipeline);
  const before = new Map(plans.map((plan) => [plan.pipeline, pipelinesBefore(plan, all)]));
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
