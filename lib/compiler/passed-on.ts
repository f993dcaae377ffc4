import { isDeepStrictEqual } from 'node:util';
import type { Column, OutputNode, PlanNode, StepNode } from '../component/plan.ts';
import { asItIs, type Shape } from '../component/shape.ts';
import type { DefinitionNode, DefinitionOutput } from '../definition/index.ts';
import { stepShape } from './step-shape.ts';

/**
 * A step that hands rows on as they are has the columns of its input, whatever is wrong with its conditions, and so has a
 * table, whatever is wrong with its layout.
 */
export function passedOn(
  node: DefinitionNode,
  nodes: ReadonlyMap<string, PlanNode>,
): StepNode | OutputNode | undefined {
  if (node.kind === 'source') return undefined;
  const { columns } = nodes.get(node.input)!;
  if (node.kind === 'output') return plainOutput(node, columns);
  try {
    if (!handsOnAll(stepShape(node, nodes).shape, columns)) return undefined;
  } catch {
    // Its problem is noted.
    return undefined;
  }
  const { id, operator, options, input } = node;
  const keeps = columns.map(({ name }) => name);
  return { kind: 'step', id, component: operator.component, options, columns, input, keeps, lineage: {} };
}

/** Undefined where expressions make columns of folders, of which nothing is known. */
function plainOutput({ id, connector, options, input }: DefinitionOutput, columns: readonly Column[]) {
  const sink = connector.sink!;
  if ((sink.partitions?.(options) ?? []).length > 0) return undefined;
  const { component } = connector;
  return { kind: 'output' as const, id, component, options, columns, input, table: sink.title(options) };
}

function handsOnAll(shape: Shape, columns: readonly Column[]): boolean {
  if (shape.form !== 'project') return ['keep', 'route', 'first', 'draw', 'sort'].includes(shape.form);
  return (
    shape.columns.length === columns.length &&
    columns.every((column, index) => isDeepStrictEqual(shape.columns[index], asItIs(column)))
  );
}
