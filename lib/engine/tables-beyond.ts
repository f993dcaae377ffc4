import type { Operator } from '../component/operator.ts';
import type { Plan, PlanNode } from '../component/plan.ts';
import { rowsMeetIn, shapeOfStep } from '../component/shape-of-step.ts';
import { type Components, componentOf } from './components.ts';

/** Tables by the id of a node. */
export type TablesByNode = Readonly<Record<string, readonly string[]>>;

/**
 * The tables that the rows of each node are on their way to. Rows that are only looked at, or read again by every run, go
 * nowhere by themselves.
 */
export function tablesBeyond(plan: Plan): TablesByNode {
  return fromTheEnd(plan, (node, beyond) => (node.kind === 'output' ? [node.table] : beyond));
}

/** Those of them in whose rows others have a part: in the step itself, or in one behind it, rows meet. */
export function tablesOfMeetings(plan: Plan, components: Components): TablesByNode {
  const all = tablesBeyond(plan);
  return fromTheEnd(plan, (node, beyond) => {
    if (node.kind !== 'step') return beyond;
    const shape = shapeOfStep(plan, componentOf<Operator>(components, node.component), node);
    return rowsMeetIn(shape) ? all[node.id]! : beyond;
  });
}

/** @param own what is said of a node, given what is said of those behind it */
function fromTheEnd(
  { nodes }: Plan,
  own: (node: PlanNode, beyond: readonly string[]) => readonly string[],
): TablesByNode {
  const behind = new Map<string, string[]>();
  const said: Record<string, readonly string[]> = {};
  for (const node of [...nodes].reverse()) {
    const tables = [...new Set(own(node, behind.get(node.id) ?? []))].sort();
    said[node.id] = node.kind === 'source' && node.use !== 'main' ? [] : tables;
    if (node.kind === 'source') continue;
    for (const input of [node.input, ...(node.kind === 'step' ? (node.others ?? []) : [])])
      behind.set(input, [...(behind.get(input) ?? []), ...tables]);
  }
  return said;
}
