import type { Plan } from '../../component/plan.ts';
import type { TriggerIdentity } from '../messages.ts';
import type { PipelineCode } from '../pipeline-code.ts';
import { planWithValues } from '../run-parameters.ts';

/**
 * The pipeline as a run sees it: with what it was given, and of a replay or a backfill only what leads to its tables,
 * because the others have those rows already.
 */
export function pipelineOf(pipeline: PipelineCode, trigger: TriggerIdentity): PipelineCode {
  const plan = planWithValues(pipeline.plan, trigger.parameters);
  const narrowed = trigger.kind === 'replay' || trigger.kind === 'backfill';
  return narrowed ? { ...pipeline, plan: narrowedPlan(plan, trigger.tables), unnarrowed: plan } : { ...pipeline, plan };
}

/** A plan with these tables alone. It keeps its digest and its stages; a stage may be left without nodes. */
export function narrowedPlan(plan: Plan, tables: readonly string[]): Plan {
  const outputs = plan.nodes.filter((node) => node.kind === 'output' && tables.includes(node.table));
  const ids = new Set(outputs.map(({ id }) => id));
  const quality = plan.quality.filter((rule) => ids.has(rule.output));
  const kept = upstream(plan, [...ids, ...quality.flatMap(({ side }) => side ?? [])]);
  const nodesOf = new Map(plan.stages.map((stage) => [stage.id, stage.nodes.filter((id) => kept.has(id))]));
  return {
    ...plan,
    nodes: plan.nodes.filter(({ id }) => kept.has(id)),
    stages: plan.stages.map((stage) => ({
      ...stage,
      nodes: nodesOf.get(stage.id)!,
      exchanges: stage.exchanges.filter(({ node, feeds }) => kept.has(node) && kept.has(feeds.step)),
    })),
    quality,
  };
}

/** These nodes and everything that they are made of. */
function upstream(plan: Plan, ids: readonly string[]): ReadonlySet<string> {
  const kept = new Set(ids);
  for (const node of [...plan.nodes].reverse()) {
    if (!kept.has(node.id) || node.kind === 'source') continue;
    kept.add(node.input);
    if (node.kind !== 'step') continue;
    if (node.side !== undefined) kept.add(node.side);
    for (const other of node.others ?? []) kept.add(other);
  }
  return kept;
}
