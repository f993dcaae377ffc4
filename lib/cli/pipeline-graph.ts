import { orderPipelines, pipelinesBefore } from '../compiler/pipeline-order.ts';
import { placeOf } from '../component/output-place.ts';
import type { OutputNode, Plan, SourceNode } from '../component/plan.ts';

/** What a pipeline has of another one: its runs start by it, or it reads what that one publishes. */
export interface Dependency {
  readonly pipeline: string;
  readonly by: 'after' | 'event' | 'data';
  /** The table or the prefix that is read. */
  readonly reads?: string;
  /** True where the project has no such pipeline. */
  readonly elsewhere?: true;
}

/** A pipeline among the others. */
export interface GraphPipeline {
  readonly pipeline: string;
  readonly plan: Plan;
  readonly on: readonly Dependency[];
}

/**
 * The pipelines of a project with what each has of others, in an order in which all comes after what it depends on. Two that
 * read each other's tables stay in the order in which their runs start. Throws `PipelineCycleError`.
 */
export function pipelineGraph(plans: readonly Plan[]): readonly GraphPipeline[] {
  const byName = new Map(plans.map((plan) => [plan.pipeline, plan]));
  const graph = orderPipelines(plans).map((pipeline) => {
    const plan = byName.get(pipeline)!;
    return { pipeline, plan, on: [...startedBy(plan, [...byName.keys()]), ...readsOf(plan, plans)] };
  });
  return inOrder(graph);
}

function startedBy(plan: Plan, all: readonly string[]): readonly Dependency[] {
  return pipelinesBefore(plan, all).map((pipeline) => {
    const isNamed = plan.triggers.some((trigger) => trigger.kind === 'pipeline' && trigger.pipeline === pipeline);
    return { pipeline, by: isNamed ? 'after' : 'event', ...(!all.includes(pipeline) && { elsewhere: true as const }) };
  });
}

function readsOf(plan: Plan, plans: readonly Plan[]): readonly Dependency[] {
  return plans.flatMap((other) => {
    if (other.pipeline === plan.pipeline) return [];
    const outputs = other.nodes.filter((node): node is OutputNode => node.kind === 'output');
    const read = outputs.filter((output) => reads(plan, output)).map(({ table }) => table);
    return [...new Set(read)].map((table): Dependency => ({ pipeline: other.pipeline, by: 'data', reads: table }));
  });
}

/** By a source, or by a rule that holds rows against a table. */
function reads({ nodes, quality }: Plan, output: OutputNode): boolean {
  const sources = nodes.filter((node): node is SourceNode => node.kind === 'source');
  return (
    quality.some(({ against }) => against === output.table) ||
    sources.some(({ options: { table, prefix, key } }) => {
      if (table === output.table) return true;
      const place = [prefix, key].find((one) => typeof one === 'string') as string | undefined;
      return place !== undefined && (place.startsWith(placeOf(output)) || placeOf(output).startsWith(place));
    })
  );
}

/** What starts a run decides; what is read does where it does not contradict that. */
function inOrder(graph: readonly GraphPipeline[]): readonly GraphPipeline[] {
  const ordered = new Set<GraphPipeline>();
  const visit = (one: GraphPipeline, path: readonly GraphPipeline[]) => {
    if (ordered.has(one) || path.includes(one)) return;
    const before = one.on.toSorted((a, b) => Number(a.by === 'data') - Number(b.by === 'data'));
    for (const { pipeline } of before) {
      const other = graph.find((candidate) => candidate.pipeline === pipeline);
      if (other) visit(other, [...path, one]);
    }
    ordered.add(one);
  };
  for (const one of graph) visit(one, []);
  return [...ordered];
}
