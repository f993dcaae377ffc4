import type { Connector, Format } from '../../component/connector.ts';
import type { Plan, SourceNode } from '../../component/plan.ts';
import { components } from '../../registry/components.ts';
import type { CommandFile } from '../command.ts';
import { lineageOf } from '../lineage.ts';
import { size } from '../option-values.ts';
import { compiledPipeline } from '../project.ts';
import { showEstimate } from '../show-estimate.ts';
import { showIdleCosts, showLineage, showPlan } from '../show-plan.ts';

/**
 * `penstock plan <pipeline>`: stages, edges and types, as the compiler made them, and what they cost while idle.
 * JSON: `{ plan, lineage: { <table>: { <column>: ["source.column"] } }, idleCost: { stacks: { <stack>: { items: [{ what,
 * quantity, unit, dollars }], dollars } }, dollarsAfterFree } }`; `plan` is what `lib/component/plan.ts` describes,
 * dollars are US dollars a month. With `--size` also `estimate`: `{ bytes, format, solo, stages: [{ stage, chunks, bytesIn,
 * bytesOut, chunkSeconds, seconds, concurrency }], seconds, items: [{ what, quantity, unit, dollars, arithmetic }], dollars,
 * quotas: [{ quota, limit, used, unit, share, arithmetic, change }], first?: { quota, limit, unit, change, atBytes },
 * assumes: [text] }` of one run.
 */
export const plan: CommandFile = (program, act) => {
  program
    .command('plan')
    .argument('<pipeline>', 'name of the pipeline')
    .description('show stages, edges, types and idle cost of a pipeline')
    .option('--lineage', 'show which columns of the sources each published column is made of')
    .option('--size <bytes>', 'estimate a run over files of this size in all, e.g. 500MB, 10GB, 1TB', size)
    .action(
      act(async ({ printer, doors }, name: string, options: { lineage?: boolean; size?: number }) => {
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

/** Of the files that are cut into chunks, new ones first. */
function formatOf({ nodes }: Plan): Format['kind'] {
  const sources = nodes.filter((node): node is SourceNode => node.kind === 'source' && node.use !== 'reference');
  const source = sources.find(({ use }) => use === 'main') ?? sources[0]!;
  const connector = (components as Readonly<Record<string, unknown>>)[source.component] as Connector;
  return connector.source!.format(source.options).kind;
}
