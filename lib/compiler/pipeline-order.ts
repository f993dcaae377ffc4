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

/** What of a plan says when it runs. */
type Started = Pick<Plan, 'pipeline' | 'triggers'>;

/**
 * Names of the pipelines, those that start others before these. Names that no plan has may be those of another app.
 * Throws `PipelineCycleError`.
 */
export function orderPipelines(plans: readonly Started[]): readonly string[] {
  const { ordered, cycles } = walked(plans);
  const [cycle] = cycles;
  if (cycle) throw new PipelineCycleError(cycle);
  return ordered;
}

/** Circles in which pipelines start one another: each as names in the order in which they would run, the first one last, too. */
export function pipelineCycles(plans: readonly Started[]): readonly (readonly string[])[] {
  return walked(plans).cycles;
}

function walked(plans: readonly Started[]) {
  const all = plans.map(({ pipeline }) => pipeline);
  const before = new Map(plans.map((plan) => [plan.pipeline, pipelinesBefore(plan, all)]));
  const ordered = new Set<string>();
  const cycles: string[][] = [];
  const visit = (pipeline: string, path: readonly string[]) => {
    if (path.includes(pipeline)) {
      cycles.push([...path.slice(path.indexOf(pipeline)), pipeline].reverse());
      return;
    }
    if (ordered.has(pipeline)) return;
    for (const earlier of before.get(pipeline) ?? []) visit(earlier, [...path, pipeline]);
    if (before.has(pipeline)) ordered.add(pipeline);
  };
  for (const { pipeline } of plans) visit(pipeline, []);
  return { ordered: [...ordered], cycles };
}
