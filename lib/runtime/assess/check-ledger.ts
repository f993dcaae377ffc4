import type { Plan } from '../../component/plan.ts';
import type { StepCount } from '../../engine/chunk.ts';
import { extractStage } from '../keys.ts';
import { checkBalance, checkEdge, checkRoutes, checkRows, imbalance, inputsOf, rowsOf } from '../ledger/check-steps.ts';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import type { ChunkItem, TriggerIdentity } from '../messages.ts';
import { mainSources, outputs, referenceNodes } from '../pipeline-code.ts';

const where = 'ledger of the run';

/**
 * Proves that no row was lost or made up between the files that came in and those that will be published. `counts` are
 * the sums of `entries`. Throws `LedgerImbalanceError` at the first thing that does not fit.
 */
export function checkLedger(
  plan: Plan,
  planned: readonly ChunkItem[],
  entries: readonly LedgerEntry[],
  counts: ReadonlyMap<string, StepCount>,
): void {
  checkChunks(plan, planned, entries);
  for (const step of counts.values()) checkBalance(where, step);
  for (const node of plan.nodes) {
    const feeders = inputsOf(node).map((id) => counts.get(id)!);
    if (feeders.length > 0) checkEdge(where, feeders, counts.get(node.id)!);
  }
  checkRoutes(where, plan, counts);
  checkFiles(
    plan,
    planned.some((item) => item.solo),
    entries,
    counts,
  );
}

/** Every chunk of every manifest has said what became of its rows, once, and no other has. */
function checkChunks(plan: Plan, planned: readonly ChunkItem[], entries: readonly LedgerEntry[]): void {
  const expected = planned.map(({ stage, chunk }) => `${stage}/${chunk}`);
  if (planned.length > 0) expected.push(...referenceNodes(plan).map((node) => `${extractStage}/${node}`));
  const found = entries.map(({ stage, chunk }) => `${stage}/${chunk}`);
  const unseen = new Set(expected);
  const surplus = found.filter((chunk) => !unseen.delete(chunk));
  const missing = [...unseen];
  if (missing.length > 0) throw imbalance(where, 'chunks are missing', first(missing));
  if (surplus.length > 0) throw imbalance(where, 'there are chunks that nobody planned', first(surplus));
}

function checkFiles(
  plan: Plan,
  solo: boolean,
  entries: readonly LedgerEntry[],
  counts: ReadonlyMap<string, StepCount>,
): void {
  const files = entries.flatMap((entry) => entry.files);
  for (const { id, table } of outputs(plan)) {
    checkRows(where, `files of table "${table}"`, rowsOf(files, 'table', id), counts.get(id)!.rowsOut);
  }
  for (const { id, node, feeds } of solo ? [] : plan.stages.flatMap((stage) => stage.exchanges)) {
    const sent = counts.get(node)!.rowsOut - (counts.get(feeds.step)!.early ?? 0);
    checkRows(where, `files of exchange "${id}"`, rowsOf(files, 'exchange', id), sent);
  }
  const rejected = entries.flatMap((entry) => entry.steps).reduce((sum, step) => sum + step.rejected, 0);
  checkRows(where, 'files of rejects', rowsOf(files, 'rejects'), rejected);
}

/** A replay reads every row that it was started for; one that reads all of its run has those of its files as well. */
export function checkReplay(plan: Plan, trigger: TriggerIdentity, counts: ReadonlyMap<string, StepCount>): void {
  if (trigger.kind !== 'replay' || trigger.whole) return;
  const read = mainSources(plan).reduce((rows, { id }) => rows + counts.get(id)!.rowsIn, 0);
  const taken = trigger.inputs.reduce((sum, { rows }) => sum + rows, 0);
  checkRows(where, `rejects of ${trigger.of} that are replayed`, taken, read);
}

function first(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
