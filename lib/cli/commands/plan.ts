import type { CommandFile } from '../command.ts';
import { lineageOf } from '../lineage.ts';
import { compiledPipeline } from '../project.ts';
import { showIdleCosts, showLineage, showPlan } from '../show-plan.ts';

/**
 * `penstock plan <pipeline>`: stages, edges and types, as the compiler made them, and what they cost while idle.
 * JSON: `{ plan, lineage: { <table>: { <column>: ["source.column"] } }, idleCost: { stacks: { <stack>: { items: [{ what,
 * quantity, unit, dollars }], dollars } }, dollarsAfterFree } }`; `plan` is what `lib/component/plan.ts` describes,
 * dollars are US dollars a month.
 */
export const plan: CommandFile = (program, act) => {
  program
    .command('plan')
    .argument('<pipeline>', 'name of the pipeline')
    .description('show stages, edges, types and idle cost of a pipeline')
    .option('--lineage', 'show which columns of the sources each published column is made of')
    .action(
      act(async ({ printer, doors }, name: string, options: { lineage?: boolean }) => {
        const { plan, file } = await compiledPipeline(name);
        const lineage = lineageOf(plan);
        showPlan(printer, plan);
        if (options.lineage) showLineage(printer, lineage);
        const idleCost = await doors.idleCosts([{ file, plan }]);
        showIdleCosts(printer, idleCost);
        printer.data({ plan, lineage, idleCost });
      }),
    );
};
