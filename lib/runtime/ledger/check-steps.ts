import type { Plan, PlanNode, StepNode } from '../../component/plan.ts';
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
    const feeders = inputsOf(node).flatMap((id) => byNode.get(id) ?? []);
    // A step whose other rows travel counts here what it sets aside before.
    if (step && step.early === undefined && feeders.length > 0 && feeders.length === inputsOf(node).length)
      checkEdge(where, feeders, step);
  }
  checkRoutes(where, plan, byNode);
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

/** Each row that comes to a choice takes one of its routes, or is rejected by one. */
export function checkRoutes(where: string, plan: Plan, counts: ReadonlyMap<string, StepCount>): void {
  const steps = plan.nodes.filter((node): node is StepNode => node.kind === 'step' && node.route !== undefined);
  for (const choice of Map.groupBy(steps, ({ route }) => route!.choice).values()) {
    const counted = choice.flatMap(({ id, route }) => {
      const count = counts.get(id);
      return count ? [{ to: route!.to, count }] : [];
    });
    // Several steps may take the same route.
    const routes = [...new Map(counted.map((one) => [one.to, one.count])).values()];
    // Reference data of several lookups is captured one by one, each with its own route.
    if (routes.length < choice[0]!.route!.of.length) continue;
    const taken = routes.reduce((sum, { rowsOut, rejected }) => sum + rowsOut + rejected, 0);
    const came = routes[0]?.rowsIn ?? 0;
    if (taken === came) continue;
    throw imbalance(where, `the routes of "${choice[0]!.id}" part rows unevenly`, `${came} rows in, ${taken} routed`);
  }
}

/** What steps hand on is what the next one receives. */
export function checkEdge(
  where: string,
  feeders: readonly Pick<StepCount, 'node' | 'rowsOut'>[],
  step: Pick<StepCount, 'node' | 'rowsIn'>,
): void {
  const out = feeders.reduce((sum, { rowsOut }) => sum + rowsOut, 0);
  if (out === step.rowsIn) return;
  throw imbalance(
    where,
    `rows are not the same on both ends between ${feeders.map(({ node }) => `"${node}"`).join(', ')} and "${step.node}"`,
    `${out} rows out, ${step.rowsIn} rows in`,
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

/** The nodes whose rows flow through a node; in a side input things are looked up, its rows do not flow. */
export function inputsOf(node: PlanNode): readonly string[] {
  if (node.kind === 'source') return [];
  return node.kind === 'step' ? [node.input, ...(node.others ?? [])] : [node.input];
}

export function imbalance(where: string, problem: string, received: string): LedgerImbalanceError {
  return new LedgerImbalanceError({
    problem: `${where}: ${problem}`,
    received,
    allowed: 'rows in + multiplied = rows out + rejected + filtered + merged + routed, along every edge',
    change: 'report this with the run id: rows may have been lost, so the run publishes nothing',
  });
}
