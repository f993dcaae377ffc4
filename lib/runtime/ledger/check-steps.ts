import type { Plan, PlanNode } from '../../component/plan.ts';
import { LedgerImbalanceError } from '../../core/errors/ledger-imbalance-error.ts';
import type { StepCount } from '../../engine/chunk.ts';
import type { ChunkPlace } from './store-files.ts';

/** The parts of a file that the check needs; `OutputFile` and `LedgerFile` both have them. */
interface CountedFile {
  readonly kind: 'table' | 'exchange' | 'rejects';
  readonly of: string;
  readonly rows: number;
}

/** Checks what one chunk says of itself, before anything of it is stored. Throws `LedgerImbalanceError`. */
export function checkSteps(
  plan: Plan,
  place: ChunkPlace,
  steps: readonly StepCount[],
  files: readonly CountedFile[],
): void {
  const where = `chunk ${place.stage}/${place.chunk}`;
  const byNode = new Map(steps.map((step) => [step.node, step]));
  if (byNode.size !== steps.length)
    throw imbalance(where, 'a step is counted twice', steps.map((step) => step.node).join(', '));
  for (const step of steps) checkBalance(where, step);
  for (const node of plan.nodes) {
    const step = byNode.get(node.id);
    const feeder = step && inputOf(node) !== undefined ? byNode.get(inputOf(node)!) : undefined;
    if (step && feeder) checkEdge(where, feeder, step);
  }
  for (const node of plan.nodes) {
    const step = node.kind === 'output' ? byNode.get(node.id) : undefined;
    if (step) checkRows(where, `files of output "${node.id}"`, rowsOf(files, 'table', node.id), step.rowsOut);
  }
  const rejected = steps.reduce((sum, step) => sum + step.rejected, 0);
  checkRows(where, 'files of rejects', rowsOf(files, 'rejects'), rejected);
}

/** rowsIn + multiplied = rowsOut + rejected + filtered + merged + routed. */
export function checkBalance(where: string, step: StepCount): void {
  const { rowsIn, multiplied, rowsOut, rejected, filtered, merged, routed = 0 } = step;
  const accounted = rowsOut + rejected + filtered + merged + routed;
  const counts = [rowsIn, multiplied, rowsOut, rejected, filtered, merged, routed];
  if (counts.every((count) => Number.isSafeInteger(count) && count >= 0) && rowsIn + multiplied === accounted) return;
  throw imbalance(
    where,
    `step "${step.node}" does not balance`,
    `${rowsIn} rows in, ${multiplied} multiplied; ${rowsOut} out, ${rejected} rejected, ${filtered} filtered, ${merged} merged, ${routed} routed`,
  );
}

/** What a step hands on is what the next one receives. */
export function checkEdge(
  where: string,
  feeder: Pick<StepCount, 'node' | 'rowsOut'>,
  step: Pick<StepCount, 'node' | 'rowsIn'>,
): void {
  if (feeder.rowsOut === step.rowsIn) return;
  throw imbalance(
    where,
    `rows are not the same on both ends between "${feeder.node}" and "${step.node}"`,
    `${feeder.rowsOut} rows out, ${step.rowsIn} rows in`,
  );
}

export function checkRows(where: string, what: string, stored: number, counted: number): void {
  if (stored === counted) return;
  throw imbalance(
    where,
    `the ${what} do not hold the rows that were counted`,
    `${stored} rows stored, ${counted} counted`,
  );
}

export function rowsOf(files: readonly CountedFile[], kind: CountedFile['kind'], of?: string): number {
  return files
    .filter((file) => file.kind === kind && (of === undefined || file.of === of))
    .reduce((sum, file) => sum + file.rows, 0);
}

/** The node whose rows a node reads; a side input is looked things up in, its rows do not travel. */
export function inputOf(node: PlanNode): string | undefined {
  return node.kind === 'source' ? undefined : node.input;
}

export function imbalance(where: string, problem: string, received: string): LedgerImbalanceError {
  return new LedgerImbalanceError({
    problem: `${where}: ${problem}`,
    received,
    allowed: 'rows in + multiplied = rows out + rejected + filtered + merged + routed, along every edge',
    change: 'report this with the run id: rows may have been lost, so the run publishes nothing',
  });
}
