import type { Operator } from './operator.ts';
import type { Plan, StepNode } from './plan.ts';
import type { Shape } from './shape.ts';

/** What a step of a plan does to its rows; the operator has seen the same columns when the plan was made. */
export function shapeOfStep({ nodes }: Pick<Plan, 'nodes'>, operator: Operator, step: StepNode): Shape {
  const columnsOf = (id: string) => nodes.find((one) => one.id === id)?.columns ?? [];
  const inputs = [step.input, ...(step.others ?? [])].map((node) => ({ node, columns: columnsOf(node) }));
  const side = step.side === undefined ? inputs[1]?.columns : columnsOf(step.side);
  return operator.shape(step.options, { input: inputs[0]!.columns, side, inputs });
}

/** True where what becomes of a row depends on the other rows of its own input. */
export function rowsMeetIn(shape: Shape): boolean {
  if (shape.form === 'join') return shape.how === 'right' || shape.how === 'full';
  return ['first', 'group', 'window', 'draw'].includes(shape.form);
}
