import type { Plan } from '../component/plan.ts';

/** A node and all nodes whose rows flow to it, each once: ways that part and meet again double with each meeting. */
export function upstreamOf({ nodes }: Pick<Plan, 'nodes'>, id: string): ReadonlySet<string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const seen = new Set<string>();
  const waiting = [id];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const node = byId.get(next)!;
    if (node.kind === 'source') continue;
    waiting.push(node.input, ...(node.kind === 'step' ? (node.others ?? []) : []));
  }
  return seen;
}
