import type { Operator } from '../component/operator.ts';
import type { Plan, PlanNode, StepNode } from '../component/plan.ts';
import { rowsMeetIn, shapeOfStep } from '../component/shape-of-step.ts';
import { rowInputs } from '../component/upstream.ts';
import { type Components, componentOf } from './components.ts';

/** Tables by the id of a node. */
export type TablesByNode = Readonly<Record<string, readonly string[]>>;

/**
 * The tables that the rows of each node are on their way to. Rows that are only looked at, or read again by every run, go
 * nowhere by themselves.
 */
export function tablesBeyond(plan: Plan): TablesByNode {
  const moving = withAllBehind(plan, (node) => node.kind === 'source' && node.use === 'main');
  return fromTheEnd(plan, (node, beyond) => (node.kind === 'output' ? [node.table] : beyond), moving);
}

/**
 * Those of them in whose rows others have a part: in the step itself, or in one behind it, rows meet, or one before it
 * has given them values that come of others.
 */
export function tablesOfMeetings(plan: Plan, components: Components): TablesByNode {
  const all = tablesBeyond(plan);
  const shapeOf = (node: StepNode) => shapeOfStep(plan, componentOf<Operator>(components, node.component), node);
  const placed = withAllBehind(plan, (node) => node.kind === 'step' && shapeOf(node).form === 'window');
  return fromTheEnd(plan, (node, beyond) => {
    if (placed.has(node.id)) return all[node.id]!;
    return node.kind === 'step' && rowsMeetIn(shapeOf(node)) ? all[node.id]! : beyond;
  });
}

/** Ids of some nodes and of all that is made of their rows. */
function withAllBehind({ nodes }: Plan, isFirst: (node: PlanNode) => boolean): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of nodes) if (isFirst(node) || rowInputs(node).some((id) => found.has(id))) found.add(node.id);
  return found;
}

/**
 * @param own what is said of a node, given what is said of those behind it
 * @param of nodes of which something is said; default: all
 */
function fromTheEnd(
  { nodes }: Plan,
  own: (node: PlanNode, beyond: readonly string[]) => readonly string[],
  of?: ReadonlySet<string>,
): TablesByNode {
  const behind = new Map<string, string[]>();
  const said: Record<string, readonly string[]> = {};
  for (const node of [...nodes].reverse()) {
    const tables = [...new Set(own(node, behind.get(node.id) ?? []))].sort();
    said[node.id] = of && !of.has(node.id) ? [] : tables;
    for (const input of rowInputs(node)) behind.set(input, [...(behind.get(input) ?? []), ...tables]);
  }
  return said;
}
