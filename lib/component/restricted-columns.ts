import type { Plan, PlanNode } from './plan.ts';

const nothing: ReadonlySet<string> = new Set();

/** What stands for a value that nobody may read here. */
export const withheld = '(restricted)';

/** Columns of a node whose values nobody may read who is not cleared for them. */
export function restrictedColumns({ classified }: Pick<PlanNode, 'classified'>): ReadonlySet<string> {
  if (!classified) return nothing;
  return new Set(Object.keys(classified).filter((name) => classified[name] === 'restricted'));
}

/** The same, with the columns of what the node reads: its rejects hold these. */
export function restrictedAt({ nodes }: Pick<Plan, 'nodes'>, id: string): ReadonlySet<string> {
  const node = nodes.find((one) => one.id === id);
  if (!node) return nothing;
  const inputs =
    node.kind === 'step' ? [node.input, ...(node.side === undefined ? [] : [node.side]), ...(node.others ?? [])] : [];
  const read = nodes.filter((one) => inputs.includes(one.id));
  return new Set([node, ...read].flatMap((one) => [...restrictedColumns(one)]));
}

/** True where some column of the plan is restricted, from its sources on. */
export function holdsRestricted({ nodes }: Pick<Plan, 'nodes'>): boolean {
  return nodes.some((node) => restrictedColumns(node).size > 0);
}

/** Columns of which the rejects of a node may show values: undefined where nothing is restricted. */
export function openColumns(plan: Pick<Plan, 'nodes'>, id: string): readonly string[] | undefined {
  const closed = restrictedAt(plan, id);
  if (closed.size === 0) return undefined;
  const node = plan.nodes.find((one) => one.id === id)!;
  const columns = node.kind === 'source' ? node.columns : plan.nodes.find((one) => one.id === node.input)!.columns;
  return columns.map(({ name }) => name).filter((name) => !closed.has(name));
}
