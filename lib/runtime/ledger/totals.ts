import type { Plan } from '../../component/plan.ts';
import type { StepCount } from '../../engine/chunk.ts';
import { mergeDrift } from '../../engine/merge-drift.ts';
import { extractStage } from '../keys.ts';
import { outputs } from '../pipeline-code.ts';
import type { RunTotals } from '../ports/run-store.ts';
import { rowsOf } from './check-steps.ts';
import type { LedgerEntry } from './ledger-entry.ts';

/** The parts of an entry that are added up. */
type CountedEntry = Pick<LedgerEntry, 'stage' | 'steps'>;

/** Adds the counts of all chunks up, by node id. Every node of the plan is there, with zeros if nothing reached it. */
export function countsByNode(plan: Plan, entries: readonly CountedEntry[]): ReadonlyMap<string, StepCount> {
  const nothing = { rowsIn: 0, multiplied: 0, rowsOut: 0, rejected: 0, filtered: 0, merged: 0, rules: {} };
  const counts = new Map<string, StepCount>(plan.nodes.map(({ id: node }) => [node, { node, ...nothing }]));
  for (const step of countedSteps(entries)) {
    counts.set(step.node, added(counts.get(step.node) ?? { node: step.node, ...nothing }, step));
  }
  return counts;
}

/** Two references may be made of one source; each capture reads and counts it, but it flows once. */
function countedSteps(entries: readonly CountedEntry[]): readonly StepCount[] {
  const captured = entries.filter((entry) => entry.stage === extractStage).flatMap((entry) => entry.steps);
  const once = new Map(captured.map((step) => [step.node, step]));
  const chunks = entries.filter((entry) => entry.stage !== extractStage).flatMap((entry) => entry.steps);
  return [...once.values(), ...chunks];
}

function added(sum: StepCount, step: StepCount): StepCount {
  const rules = new Map(Object.entries(sum.rules));
  for (const [rule, rows] of Object.entries(step.rules)) rules.set(rule, (rules.get(rule) ?? 0) + rows);
  const drift = mergeDrift([...(sum.drift ?? []), ...(step.drift ?? [])]);
  return {
    node: sum.node,
    rowsIn: sum.rowsIn + step.rowsIn,
    multiplied: sum.multiplied + step.multiplied,
    rowsOut: sum.rowsOut + step.rowsOut,
    rejected: sum.rejected + step.rejected,
    filtered: sum.filtered + step.filtered,
    merged: sum.merged + step.merged,
    ...((sum.early ?? step.early) !== undefined && { early: (sum.early ?? 0) + (step.early ?? 0) }),
    ...(step.routed !== undefined && { routed: (sum.routed ?? 0) + step.routed }),
    rules: Object.fromEntries(rules),
    ...(drift.length > 0 && { drift }),
  };
}

/** Rows of the sources that are cut into chunks, and not looked up in. */
export function rowsRead(plan: Plan, steps: readonly StepCount[]): number {
  const sources = new Set(
    plan.nodes.flatMap((node) => (node.kind === 'source' && node.use !== 'reference' ? [node.id] : [])),
  );
  return steps.filter(({ node }) => sources.has(node)).reduce((sum, { rowsIn }) => sum + rowsIn, 0);
}

/** What a run says of itself when it is over. */
export function runTotals(
  plan: Plan,
  entries: readonly LedgerEntry[],
  input: Pick<RunTotals, 'inputFiles' | 'inputBytes'>,
): RunTotals {
  const counts = countsByNode(plan, entries);
  const sum = (pick: (step: StepCount) => number) =>
    [...counts.values()].reduce((total, step) => total + pick(step), 0);
  const files = entries.flatMap((entry) => entry.files);
  return {
    inputFiles: input.inputFiles,
    inputBytes: input.inputBytes,
    rowsIn: rowsRead(plan, [...counts.values()]),
    multiplied: sum((step) => step.multiplied),
    rejected: sum((step) => step.rejected),
    filtered: sum((step) => step.filtered),
    merged: sum((step) => step.merged),
    tables: Object.fromEntries(outputs(plan).map(({ id, table }) => [table, rowsOf(files, 'table', id)])),
  };
}
