import type { Operator } from '../component/operator.ts';
import type { Plan, PlanNode, SourceNode } from '../component/plan.ts';
import type { Shape } from '../component/shape.ts';
import type { Rejects } from './rejects.ts';
import { type Relation, rowColumn } from './relation.ts';
import { rowAsJson } from './row-as-json.ts';

/** Forms that hand each row of their input on as at most one row. */
const rowByRow: ReadonlySet<Shape['form']> = new Set(['project', 'keep', 'first', 'lookup', 'call']);

export interface Recovery {
  readonly plan: Plan;
  readonly components: Readonly<Record<string, unknown>>;
  readonly rejects: Rejects;
  /** What the session holds, by node. */
  readonly relations: ReadonlyMap<string, Relation>;
}

/**
 * Gives rows that a later step rejected the record that they were at their source, as far as this session has read the
 * source and the row is still that one record: a group of rows is not, nor is one of several that a record became.
 */
export async function recoverRaw({ plan, components, rejects, relations }: Recovery): Promise<void> {
  const steps = plan.nodes.filter((node) => node.kind === 'step');
  const origins = new Map(
    steps
      .filter((node) => !relations.get(node.input)?.forked)
      .map((node) => [node.id, originOf(plan, components, node)]),
  );
  for (const [id, relation] of relations) {
    const nodes = steps.filter((node) => origins.get(node.id)?.id === id).map((node) => node.id);
    await rejects.fillRaw(nodes, (ids) => {
      const record = rowAsJson(relation.columns);
      return `SELECT ${rowColumn} AS source_id, ${record} AS source_raw FROM ${relation.name} WHERE ${rowColumn} IN (${ids})`;
    });
  }
}

/** The source whose rows come to a step one by one; undefined where they do not. */
function originOf(plan: Plan, components: Recovery['components'], node: PlanNode): SourceNode | undefined {
  if (node.kind === 'source') return node;
  const input = plan.nodes.find((one) => one.id === node.input)!;
  if (input.kind !== 'step') return input.kind === 'source' ? input : undefined;
  return rowByRow.has(shapeOf(plan, components, input).form) ? originOf(plan, components, input) : undefined;
}

function shapeOf(plan: Plan, components: Recovery['components'], node: Extract<PlanNode, { kind: 'step' }>): Shape {
  const columnsOf = (id: string | undefined) => plan.nodes.find((one) => one.id === id)?.columns;
  const operator = components[node.component] as Operator;
  return operator.shape(node.options, { input: columnsOf(node.input) ?? [], side: columnsOf(node.side) });
}
