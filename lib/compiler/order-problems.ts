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
    const written = definition.nodes.find(({ id }) => id === output.id);
    if (found && written?.kind === 'output' && written.connector.sink!.sortBy?.(output.options, output.columns))
      problems.set(output.id, {
        at: written.locate?.(['sortBy']) ?? written.at,
        part: `${output.id} / sortBy`,
        problem: `"${found.asked.id}" asks for an order as well`,
        received: `sortBy, and ${found.asked.id}`,
        allowed: 'one of the two: sortBy orders the rows of each file, a sort step those of the whole run',
        change: 'leave out sortBy, or the step',
      });
    if (!found || 'order' in found) continue;
    const { asked, lostAt } = found;
    // What is wrong with the order itself is noted already.
    if (!asked.sorts!.every(({ column }) => asked.columns.some(({ name }) => name === column))) continue;
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
