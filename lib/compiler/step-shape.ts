import type { PlanNode } from '../component/plan.ts';
import type { Shape } from '../component/shape.ts';
import type { DefinitionStep } from '../definition/index.ts';

/** What a step does to the columns of its inputs. Throws `ColumnUnknownError`. */
export function shapeOf(step: DefinitionStep, nodes: ReadonlyMap<string, PlanNode>): Shape {
  const { input, side, others = [] } = step;
  const columnsOf = (id: string) => nodes.get(id)!.columns;
  const second = side ?? others[0];
  return step.operator.shape(step.options, {
    input: columnsOf(input),
    side: second === undefined ? undefined : columnsOf(second),
    inputs: [input, ...others].map((node) => ({ node, columns: columnsOf(node) })),
  });
}
