import type { Operator } from '../component/operator.ts';
import type { OutputNode, Plan, SourceNode, StepNode } from '../component/plan.ts';
import type { Shape } from '../component/shape.ts';
import { shapeOfStep } from '../component/shape-of-step.ts';
import { rowInputs, upstreamOf } from '../component/upstream.ts';
import { type Components, componentOf } from './components.ts';
import type { Rejects } from './rejects.ts';
import { type Relation, rowColumn } from './relation.ts';
import { rowAsJson } from './row-as-json.ts';

/** Forms that hand each row of their inputs on as at most one row. */
const rowByRow: ReadonlySet<Shape['form']> = new Set(['project', 'keep', 'first', 'window', 'lookup', 'union', 'call']);

export interface Recovery {
  readonly plan: Plan;
  readonly components: Components;
  readonly rejects: Rejects;
  /** What the session holds, by node; of sources only those that it has read itself. */
  readonly relations: ReadonlyMap<string, Relation>;
  /** True where the rows have come from another stage, so that their sources are not here. */
  readonly travelled?: boolean;
}

/**
 * Gives rows that a later step rejected the record that they were at their source, as far as this session has read the
 * source and the row is still that one record: a group of rows is not, nor is one of several that a record became.
 */
export async function recoverRaw(recovery: Recovery): Promise<void> {
  const { plan, rejects, relations, travelled = false } = recovery;
  const steps = plan.nodes.filter((node) => node.kind !== 'source');
  const origins = new Map(
    steps.map((node) => [node.id, goesAnotherWay(plan, node.id) ? [] : originsOf(recovery, node)]),
  );
  if (travelled) {
    await rejects.markPlaces(steps.filter(({ id }) => origins.get(id)!.length > 0).map(({ id }) => id));
    return;
  }
  for (const source of plan.nodes.filter((node) => node.kind === 'source')) {
    const relation = relations.get(source.id);
    if (!relation) continue;
    const nodes = steps.filter(({ id }) => origins.get(id)!.includes(source)).map(({ id }) => id);
    await rejects.fillRaw(nodes, (ids) => {
      const record = rowAsJson(relation.columns);
      return `SELECT ${rowColumn} AS source_id, ${record} AS source_raw FROM ${relation.name} WHERE ${rowColumn} IN (${ids})`;
    });
  }
}

/**
 * True where rows of a step's source also come past it to a step behind it: a row that it rejected may have been
 * published on the other way, and its record would bring that one again.
 */
function goesAnotherWay(plan: Plan, step: string): boolean {
  return plan.nodes.some((node) => {
    if (node.kind !== 'step' || !node.others) return false;
    const ways = [node.input, ...node.others].map((id) => upstreamOf(plan, id, rowInputs));
    const through = ways.filter((way) => way.some(({ id }) => id === step));
    const past = new Set(ways.filter((way) => !through.includes(way)).flat());
    return through.some((way) => way.some((one) => one.kind === 'source' && past.has(one)));
  });
}

/** The sources whose rows come to a step one by one; none where they do not. */
function originsOf(recovery: Recovery, step: StepNode | OutputNode): readonly SourceNode[] {
  const { plan, relations } = recovery;
  const origins = [step.input, ...(step.kind === 'step' ? (step.others ?? []) : [])].flatMap((id) => {
    const input = plan.nodes.find((one) => one.id === id)!;
    if (input.kind === 'source') return [input];
    if (input.kind !== 'step' || relations.get(id)?.forked) return [];
    return rowByRow.has(formOf(recovery, input)) ? originsOf(recovery, input) : [];
  });
  // A row that comes to a union on two ways is two rows.
  return new Set(origins).size === origins.length ? origins : [];
}

function formOf({ plan, components }: Recovery, step: StepNode): Shape['form'] {
  return shapeOfStep(plan, componentOf<Operator>(components, step.component), step).form;
}
