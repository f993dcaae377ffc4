import { PlanInconsistentError } from '../core/errors/plan-inconsistent-error.ts';
import type { Plan, PlanNode } from './plan.ts';

/** Nodes whose rows flow to a node: not what it looks up beside them. */
export function rowInputs(node: PlanNode): readonly string[] {
  if (node.kind === 'source') return [];
  return node.kind === 'output' ? [node.input] : [node.input, ...(node.others ?? [])];
}

/** All nodes that a node reads. */
function allInputs(node: PlanNode): readonly string[] {
  if (node.kind !== 'step') return rowInputs(node);
  return [node.input, ...(node.side === undefined ? [] : [node.side]), ...(node.others ?? [])];
}

/**
 * A node behind all nodes that it is made of, each once, and behind those that it is made of itself: ways that part and
 * meet again double with each meeting. Throws `PlanInconsistentError`.
 */
export function upstreamOf(
  { nodes }: Pick<Plan, 'nodes'>,
  id: string,
  inputsOf: (node: PlanNode) => readonly string[] = allInputs,
): readonly PlanNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const found = new Map<string, PlanNode>();
  const walk = (at: string): void => {
    if (found.has(at)) return;
    const node = byId.get(at);
    if (!node)
      throw new PlanInconsistentError({
        problem: 'the plan has no such node',
        received: at,
        change: 'deploy the pipeline again',
      });
    for (const before of inputsOf(node)) walk(before);
    found.set(at, node);
  };
  walk(id);
  return [...found.values()];
}
