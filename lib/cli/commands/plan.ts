import type { Column, Plan, PlanNode, StagePlan } from '../../component/plan.ts';
import type { CommandFile } from '../command.ts';
import type { Printer } from '../print.ts';
import { bytes } from '../print.ts';
import { compiledPipeline } from '../project.ts';

/** `penstock plan <pipeline>`: stages, edges and types, as the compiler made them. */
export const plan: CommandFile = (program, act) => {
  program
    .command('plan <pipeline>')
    .description('show stages, edges and types of a pipeline')
    .action(
      act(async ({ printer }, name: string) => {
        const { plan } = await compiledPipeline(name);
        printer.data(plan);
        show(printer, plan);
      }),
    );
};

function show(printer: Printer, plan: Plan): void {
  printer.line(`${printer.paint('bold', plan.pipeline)}  ${printer.paint('dim', `plan ${plan.digest}`)}`);
  for (const trigger of plan.triggers) {
    printer.line(
      `  starts  ${trigger.kind === 'file' ? `when a file arrives below ${trigger.prefix}` : `by schedule ${trigger.expression}`}`,
    );
  }
  const nodes = new Map(plan.nodes.map((node) => [node.id, node]));
  const staged = new Set(plan.stages.flatMap((stage) => stage.nodes));
  const references = plan.nodes.filter((node) => !staged.has(node.id));
  if (references.length > 0) {
    printer.heading('Extract  (read whole, handed to every chunk)');
    for (const node of references) showNode(printer, node);
  }
  for (const stage of plan.stages) showStage(printer, stage, nodes);
  printer.heading('Assess');
  for (const rule of plan.quality) {
    const least = rule.atLeast > 0 ? `  at least ${rule.atLeast}, else ${rule.onBreak}` : '';
    printer.line(`  ${rule.id}  ${rule.dimension} of ${rule.output}  ${JSON.stringify(rule.options)}${least}`);
  }
  printer.line(`  gate: pass from ${plan.gate.pass}, review from ${plan.gate.review}`);
  const { workerMemoryMegabytes, workerTimeoutSeconds, concurrency, chunkBytes, partitions } = plan.resources;
  printer.heading('Resources');
  printer.line(
    `  workers of ${workerMemoryMegabytes} MB, ${workerTimeoutSeconds} s, ${concurrency} at once; chunks of ${bytes(chunkBytes)}, up to ${partitions} partitions`,
  );
  printer.line(`  an input of up to ${bytes(chunkBytes)} runs all stages in one chunk`);
}

function showStage(printer: Printer, stage: StagePlan, nodes: ReadonlyMap<string, PlanNode>): void {
  printer.heading(`${stage.title}${stage.reads ? `  (reads ${stage.reads})` : ''}`);
  for (const id of stage.nodes) showNode(printer, nodes.get(id)!);
  for (const exchange of stage.exchanges) {
    printer.line(
      `  ${printer.paint('cyan', exchange.id)}  rows of ${exchange.node} by hash of ${exchange.keys.join(', ') || 'nothing'} → ${exchange.toStage}`,
    );
  }
}

function showNode(printer: Printer, node: PlanNode): void {
  const from =
    node.kind === 'source' ? '' : ` ← ${node.input}${node.kind === 'step' && node.side ? ` + ${node.side}` : ''}`;
  printer.line(`  ${printer.paint('cyan', node.id)}${from}`);
  printer.line(printer.paint('dim', `      ${node.columns.map(columnText).join(', ')}`));
}

function columnText({ name, type, nullable }: Column): string {
  return `${name} ${type}${nullable ? '?' : ''}`;
}
