import type { Connector, Format } from '../../component/connector.ts';
import type { Plan, SourceNode } from '../../component/plan.ts';
import { components } from '../../registry/components.ts';
import type { CommandFile } from '../command.ts';
import { CommandUsageError } from '../errors.ts';
import { lineageOf } from '../lineage.ts';
import { size } from '../option-values.ts';
import { pipelineGraph } from '../pipeline-graph.ts';
import type { Printer } from '../print.ts';
import { compiledPipeline, compiledPipelines } from '../project.ts';
import { showEstimate } from '../show-estimate.ts';
import { graphMermaid, showGraph } from '../show-graph.ts';
import { showIdleCosts, showLineage, showPlan } from '../show-plan.ts';

/**
 * `penstock plan <pipeline>`: stages, edges and types, as the compiler made them, and what they cost while idle.
 * JSON: `{ plan, lineage: { <table>: { <column>: ["source.column"] } }, idleCost: { stacks: { <stack>: { items: [{ what,
 * quantity, unit, dollars }], dollars } }, dollarsAfterFree } }`; `plan` is what `lib/component/plan.ts` describes,
 * dollars are US dollars a month. With `--size` also `estimate`: `{ bytes, format, solo, stages: [{ stage, chunks, bytesIn,
 * bytesOut, chunkSeconds, seconds, concurrency }], seconds, items: [{ what, quantity, unit, dollars, arithmetic }], dollars,
 * quotas: [{ quota, limit, used, unit, share, arithmetic, change }], first?: { quota, limit, unit, change, atBytes },
 * assumes: [text] }` of one run. With `--all` the pipelines of the project in an order in which they can run, as text or
 * with `--mermaid` as a flowchart; JSON: `[{ pipeline, on: [{ pipeline, by: 'after' | 'event' | 'data', reads?,
 * elsewhere? }], triggers }]`.
 */
export const plan: CommandFile = (program, act) => {
  program
    .command('plan')
    .argument('[pipeline]', 'name of the pipeline')
    .description('show stages, edges, types and idle cost of a pipeline')
    .option('--lineage', 'show which columns of the sources each published column is made of')
    .option('--size <bytes>', 'estimate a run over files of this size in all, e.g. 500MB, 10GB, 1TB', size)
    .option('--all', 'show all pipelines of the project: which depend on which, and in what order they can run')
    .option('--mermaid', 'with --all: write a Mermaid flowchart instead')
    .action(
      act(async ({ printer, doors }, name: string | undefined, options: PlanOptions) => {
        requireOneForm(name, options);
        if (name === undefined) return showAll(printer, options.mermaid);
        const pipeline = await compiledPipeline(name);
        const { plan } = pipeline;
        const lineage = lineageOf(plan);
        showPlan(printer, plan);
        if (options.lineage) showLineage(printer, lineage);
        const idleCost = await doors.idleCosts([pipeline]);
        showIdleCosts(printer, idleCost);
        const estimate =
          options.size === undefined
            ? undefined
            : await doors.estimate(plan, { bytes: options.size, format: formatOf(plan) });
        if (estimate) showEstimate(printer, estimate);
        printer.data({ plan, lineage, idleCost, ...(estimate && { estimate }) });
      }),
    );
};

interface PlanOptions {
  readonly lineage?: boolean;
  readonly size?: number;
  readonly all?: boolean;
  readonly mermaid?: boolean;
}

function requireOneForm(name: string | undefined, { all, mermaid, lineage, size }: PlanOptions): void {
  if (name === undefined ? all && !lineage && size === undefined : !all && !mermaid) return;
  const given = Object.entries({ all, mermaid, lineage, size }).flatMap(([one, value]) => (value ? [`--${one}`] : []));
  throw new CommandUsageError({
    problem: name === undefined && !all ? "missing required argument 'pipeline'" : 'these do not go together',
    received: [...(name === undefined ? [] : [name]), ...given].join(' ') || 'nothing',
    allowed: 'penstock plan <pipeline> [--lineage] [--size <bytes>], or penstock plan --all [--mermaid]',
    change: name === undefined ? 'name a pipeline, or ask for --all alone' : 'leave one of them out',
  });
}

async function showAll(printer: Printer, mermaid?: boolean): Promise<void> {
  const graph = pipelineGraph((await compiledPipelines()).map(({ plan }) => plan));
  printer.data(graph.map(({ pipeline, on, plan }) => ({ pipeline, on, triggers: plan.triggers })));
  if (mermaid) printer.line(graphMermaid(graph).trimEnd());
  else showGraph(printer, graph);
}

/** Of the files that are cut into chunks, new ones first. */
function formatOf({ nodes }: Plan): Format['kind'] {
  const sources = nodes.filter((node): node is SourceNode => node.kind === 'source' && node.use !== 'reference');
  const source = sources.find(({ use }) => use === 'main') ?? sources[0]!;
  const connector = (components as Readonly<Record<string, unknown>>)[source.component] as Connector;
  return connector.source!.format(source.options).kind;
}
