import type { Operator } from '../component/operator.ts';
import type { Plan, StepNode } from '../component/plan.ts';
import { rowInputs, upstreamOf } from '../component/upstream.ts';
import { type Components, componentOf } from './components.ts';
import type { Relation } from './relation.ts';
import type { StepInput } from './steps/step.ts';

interface Surroundings {
  readonly plan: Plan;
  readonly components: Components;
  /** The rows of a node, by its id and the number of the input that they are for. */
  find(node: string, input: number): Relation;
}

/** What a step works on: the rows of all its inputs, and what its operator makes of their columns. */
export function stepInput(
  node: StepNode,
  { plan, components, find }: Surroundings,
): Pick<StepInput, 'node' | 'ordinal' | 'shape' | 'input' | 'side' | 'others' | 'sharesRows'> {
  const ids = [node.input, ...(node.others ?? [])];
  const [input, ...others] = ids.map(find) as [Relation, ...Relation[]];
  const side = node.side === undefined ? undefined : find(node.side, ids.length);
  const shape = componentOf<Operator>(components, node.component).shape(node.options, {
    input: input.columns,
    side: (side ?? others[0])?.columns,
    inputs: [input, ...others].map(({ node, columns }) => ({ node, columns })),
  });
  const ordinal = plan.nodes.indexOf(node);
  return { node, ordinal, shape, input, side, others, sharesRows: others.length > 0 && shareSource(plan, ids) };
}

function shareSource(plan: Plan, ids: readonly string[]): boolean {
  const sources = ids.map((id) => sourcesOf(plan, id));
  return sources.some((own, index) => sources.slice(0, index).some((earlier) => !own.isDisjointFrom(earlier)));
}

/** Sources whose rows flow to a node. */
function sourcesOf(plan: Plan, id: string): ReadonlySet<string> {
  return new Set(upstreamOf(plan, id, rowInputs).flatMap((node) => (node.kind === 'source' ? [node.id] : [])));
}
