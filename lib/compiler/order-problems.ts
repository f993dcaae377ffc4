import { outputOrder } from '../component/output-order.ts';
import type { PlanNode } from '../component/plan.ts';
import type { Definition, Problem } from '../definition/index.ts';

/** Orders that were asked for and that no file would have. */
export function orderProblems(nodes: readonly PlanNode[], definition: Pick<Definition, 'nodes'>): Problem[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const problems = new Map<string, Problem>();
  for (const output of nodes) {
    if (output.kind !== 'output') continue;
    const found = outputOrder(byId, output.input);
    if (!found || 'order' in found) continue;
    const { asked, lostAt } = found;
    problems.set(`${asked.id} ${lostAt.id}`, {
      at: definition.nodes.find(({ id }) => id === asked.id)?.at,
      part: `${asked.id} / order`,
      problem: `"${lostAt.id}", behind it, does not pass the columns of the order on as they are`,
      received: asked.sorts!.map(({ column }) => column).join(', '),
      allowed: lostAt.keeps,
      change: 'put sort behind that step',
    });
  }
  return [...problems.values()];
}
