import type { PlanNode, StepNode } from './plan.ts';
import type { Order } from './shape.ts';

/** What becomes of the order that a step asks for, on the way to an output. */
export type OutputOrder =
  | { readonly order: readonly Order[]; readonly asked: StepNode }
  /** A step changes a column that decides. */
  | { readonly asked: StepNode; readonly lostAt: StepNode };

/** The order in which an output writes its rows: that of the last step that asked for one. Undefined where none did. */
export function outputOrder(nodes: ReadonlyMap<string, PlanNode>, input: string): OutputOrder | undefined {
  const behind: StepNode[] = [];
  for (let node = nodes.get(input); node?.kind === 'step'; node = nodes.get(node.input)) {
    const { sorts } = node;
    if (sorts) {
      const lostAt = behind.findLast((step) => !sorts.every(({ column }) => step.keeps.includes(column)));
      return lostAt ? { asked: node, lostAt } : { order: sorts, asked: node };
    }
    behind.push(node);
  }
  return undefined;
}
