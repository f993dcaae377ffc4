import type { EventFilter } from '../component/event-filters.ts';
import type {
  Column,
  EventPattern,
  Exchange,
  Fallback,
  FileRule,
  Plan,
  PlanNode,
  StagePlan,
  Trigger,
  WatermarkPlan,
} from '../component/plan.ts';
import { describeDuration } from '../core/parse-duration.ts';
import type { IdleCosts } from './command.ts';
import type { Lineage } from './lineage.ts';
import { outputText } from './output-text.ts';
import { bytes, counted, type Printer, thousands } from './print.ts';

/** Stages, edges and types of a plan, for people. */
export function showPlan(printer: Printer, plan: Plan): void {
  printer.line(`${printer.paint('bold', plan.pipeline)}  ${printer.paint('dim', `plan ${plan.digest}`)}`);
  for (const trigger of plan.triggers) {
    printer.line(`  starts  ${startText(trigger)}`);
  }
  for (const [name, { type, default: usual }] of Object.entries(plan.parameters ?? {}))
    printer.line(`  takes   ${name}, a ${type}${usual === undefined ? '' : `; default ${usual ?? 'none'}`}`);
  const nodes = new Map(plan.nodes.map((node) => [node.id, node]));
  const staged = new Set(plan.stages.flatMap((stage) => stage.nodes));
  const references = plan.nodes.filter((node) => !staged.has(node.id));
  if (references.length > 0) {
    printer.heading('Extract  (read whole, handed to every chunk)');
    for (const node of references) showNode(printer, node);
  }
  for (const stage of plan.stages) showStage(printer, stage, nodes);
  showAssess(printer, plan);
  for (const { afterSeconds, to } of plan.escalate ?? []) {
    const after = afterSeconds === 0 ? 'at once' : `after ${describeDuration(afterSeconds * 1000)}`;
    printer.line(`  told ${after}, unless somebody looks after it: ${to.join(', ')}`);
  }
  const { workerMemoryMegabytes, workerTimeoutSeconds, concurrency, chunkBytes, partitions } = plan.resources;
  printer.heading('Resources');
  printer.line(
    `  workers of ${workerMemoryMegabytes} MB, ${workerTimeoutSeconds} s, ${concurrency} at once; chunks of ${bytes(chunkBytes)}, up to ${counted(partitions, 'partition')}`,
  );
  printer.line(`  an input of up to ${bytes(chunkBytes)} runs all stages in one chunk`);
}

/** What starts a run, for people. */
export function startText(trigger: Trigger): string {
  if (trigger.kind === 'file') return arrivalText(trigger);
  if (trigger.kind === 'event') return eventText(trigger);
  if (trigger.kind === 'pipeline') return `when a run of ${trigger.pipeline} has completed`;
  const missed = trigger.catchUp === undefined ? '' : `, ${trigger.catchUp} of the times that were missed`;
  return `by schedule ${trigger.expression}${trigger.zone === undefined ? '' : ` in ${trigger.zone}`}${missed}`;
}

function eventText({ source, detailType, detail }: EventPattern): string {
  const shown = (filters: readonly EventFilter[]) =>
    filters.map((filter) => (typeof filter === 'string' ? filter : JSON.stringify(filter))).join(' or ');
  const type = detailType ? ` of type ${shown(detailType)}` : '';
  return `by an event${type} from ${shown(source)}${detail ? ` with ${JSON.stringify(detail)}` : ''}`;
}

function arrivalText({ prefix, window, complete, reupload }: FileRule): string {
  const again = reupload === 'run' ? ', also with the same content again' : '';
  if (complete) {
    const last = 'marker' in complete ? `${complete.marker} arrives` : `${complete.count} files are there`;
    return `for each folder below ${prefix} when ${last}${again}`;
  }
  if (!window) return `when a file arrives below ${prefix}${again}`;
  const most = window.atMost === undefined ? '' : `, or ${window.atMost} files are there`;
  return `when ${describeDuration(window.seconds * 1000)} have passed since a first file arrived below ${prefix}${most}${again}`;
}

function showStage(printer: Printer, stage: StagePlan, nodes: ReadonlyMap<string, PlanNode>): void {
  printer.heading(`${stage.title}${stage.reads ? `  (reads ${stage.reads.join(', ')})` : ''}`);
  for (const id of stage.nodes) showNode(printer, nodes.get(id)!);
  for (const exchange of stage.exchanges) {
    printer.line(
      `  ${printer.paint('cyan', exchange.id)}  rows of ${exchange.node} ${travelText(exchange)} → ${exchange.toStage}`,
    );
  }
}

function travelText({ keys, spread, merges, ranges }: Exchange): string {
  if (ranges) return `by ranges of ${ranges.map(({ column }) => column).join(', ')}`;
  if (merges) return `merged in each chunk, by hash of ${keys.join(', ') || 'nothing'}`;
  return spread === 'all' ? 'evenly' : `by hash of ${keys.join(', ') || 'nothing'}`;
}

function goesOnText({ by, lagSeconds }: WatermarkPlan): string {
  const lag = lagSeconds > 0 ? `, less ${describeDuration(lagSeconds * 1000)} for late rows` : '';
  return `goes on behind the largest published ${by}${lag}`;
}

function insteadText(fallback: Fallback): string {
  if (fallback === 'empty') return 'no row';
  if (fallback === 'last-good') return 'what the last run read that completed';
  return `${fallback.component} ${JSON.stringify(fallback.options)}`;
}

function showNode(printer: Printer, node: PlanNode): void {
  const further = node.kind === 'step' ? [...(node.side === undefined ? [] : [node.side]), ...(node.others ?? [])] : [];
  const whole = node.kind === 'source' && node.use === 'whole' ? '  (read whole in every run)' : '';
  const from = node.kind === 'source' ? whole : ` ← ${[node.input, ...further].join(' + ')}`;
  printer.line(`  ${printer.paint('cyan', node.id)}${from}`);
  if (node.kind === 'output') printer.line(`      ${outputText(node)}`);
  if (node.kind === 'source' && node.grows) printer.line('      of files that grow, reads what was added');
  if (node.kind === 'source' && node.fallback)
    printer.line(`      where it cannot be read: ${insteadText(node.fallback)}`);
  if (node.kind === 'source' && node.damaged) printer.line('      a file that is damaged: one reject');
  if (node.kind === 'source' && node.incremental) printer.line(`      ${goesOnText(node.incremental)}`);
  printer.line(printer.paint('dim', `      ${node.columns.map((column) => columnText(column, node)).join(', ')}`));
}

/** `delay BIGINT`, with a question mark where it may be missing, and who may see it. */
function columnText({ name, type, nullable }: Column, { classified = {} }: PlanNode): string {
  const confined = Object.hasOwn(classified, name) ? ` (${classified[name]})` : '';
  return `${name} ${type}${nullable ? '?' : ''}${confined}`;
}

function showAssess(printer: Printer, { quality, gate }: Plan): void {
  printer.heading('Assess');
  for (const rule of quality) {
    const least = rule.atLeast > 0 ? `, at least ${rule.atLeast}, else ${rule.onBreak}` : '';
    const options = Object.entries(rule.options).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    printer.line(`  ${rule.id}  ${rule.dimension} of ${rule.output}: ${options.join(', ')}${least}`);
  }
  const review = gate.review < gate.pass ? `, a person decides from ${gate.review}` : '';
  printer.line(`  gate: pass from a score of ${gate.pass}${review}, else fail`);
}

/** Where the values of each published column come from. */
export function showLineage(printer: Printer, lineage: Lineage): void {
  for (const [table, columns] of Object.entries(lineage)) {
    printer.heading(`Lineage of ${table}`);
    printer.table(
      ['column', 'made of'],
      Object.entries(columns).map(([name, from]) => [name, from.join(', ') || 'no column']),
    );
  }
}

/** What is paid while nothing runs. */
export function showIdleCosts(printer: Printer, { stacks, dollarsAfterFree }: IdleCosts): void {
  printer.heading('Idle, in US dollars a month');
  printer.table(
    ['stack', 'for', 'quantity', 'dollars'],
    Object.entries(stacks).flatMap(([stack, { items }]) =>
      items.map(({ what, quantity, unit, dollars }) => [stack, what, `${thousands(quantity)} ${unit}`, cents(dollars)]),
    ),
    { right: ['quantity', 'dollars'] },
  );
  const all = Object.values(stacks).reduce((sum, one) => sum + one.dollars, 0);
  printer.line(
    `  ${cents(all)} at list prices (us-east-1); ${cents(dollarsAfterFree)} where the account's free monthly amounts serve nothing else`,
  );
}

function cents(dollars: number): string {
  return dollars.toFixed(2);
}
