import type { Connector, SinkSide, SourceSide } from '../component/connector.ts';
import type { OutputNode, Plan, PlanNode, SourceNode } from '../component/plan.ts';
import { upstreamOf } from '../component/upstream.ts';
import { PlanChangedError } from '../core/errors/plan-changed-error.ts';
import { PlanInconsistentError } from '../core/errors/plan-inconsistent-error.ts';

/** What of a pipeline is bundled with its functions. */
export interface PipelineCode {
  readonly plan: Plan;
  /** The plan with all tables, where `plan` has only what leads to some of them. */
  readonly unnarrowed?: Plan;
  /** Declarations of the components that the plan names, by name. */
  readonly components: Readonly<Record<string, unknown>>;
  /** User functions by node id. */
  readonly functions: Readonly<Record<string, (row: any) => unknown>>;
}

/** A run keeps to the plan that it was started for. Throws `PlanChangedError`. */
export function requirePlan(plan: Plan, planDigest: string): void {
  if (plan.digest === planDigest) return;
  throw new PlanChangedError({
    problem: `the pipeline "${plan.pipeline}" was deployed anew while this run was on its way`,
    received: `plan ${planDigest}`,
    allowed: `plan ${plan.digest}`,
    change: 'start the run again: its input is untouched and will be read by the new plan',
  });
}

export function mainSources(plan: Plan): readonly SourceNode[] {
  return plan.nodes.filter((node): node is SourceNode => node.kind === 'source' && node.use === 'main');
}

export function wholeSources(plan: Plan): readonly SourceNode[] {
  return plan.nodes.filter((node): node is SourceNode => node.kind === 'source' && node.use === 'whole');
}

export function referenceSources(plan: Plan): readonly SourceNode[] {
  return plan.nodes.filter((node): node is SourceNode => node.kind === 'source' && node.use === 'reference');
}

/** Nodes whose rows are captured whole and handed to every chunk: the sides of lookups and of quality rules. */
export function referenceNodes(plan: Plan): readonly string[] {
  const sides = [...plan.nodes, ...plan.quality].flatMap((one) => ('side' in one && one.side ? [one.side] : []));
  return [...new Set(sides)].filter((side) => sourcesOf(plan, side).every(({ use }) => use === 'reference'));
}

/** The sources that a node is made of, each once. */
export function sourcesOf(plan: Plan, id: string): readonly SourceNode[] {
  return upstreamOf(plan, id).filter((node): node is SourceNode => node.kind === 'source');
}

export function outputs(plan: Plan): readonly OutputNode[] {
  return plan.nodes.filter((node): node is OutputNode => node.kind === 'output');
}

/** The reading side of a source's connector. */
export function sourceSide(pipeline: PipelineCode, node: SourceNode): SourceSide {
  return connector(pipeline, node).source ?? missing(node, 'a source');
}

/** The writing side of an output's connector. */
export function sinkSide(pipeline: PipelineCode, node: OutputNode): SinkSide {
  return connector(pipeline, node).sink ?? missing(node, 'a sink');
}

function connector(pipeline: PipelineCode, node: PlanNode): Connector {
  const found = pipeline.components[node.component] as Connector | undefined;
  return found?.kind === 'connector' ? found : missing(node, 'a connector');
}

function missing(node: PlanNode, what: string): never {
  throw new PlanInconsistentError({
    problem: `the bundle has no component "${node.component}" that is ${what}, which node "${node.id}" needs`,
    received: node.component,
    change: 'synthesize and deploy the pipeline again',
  });
}
