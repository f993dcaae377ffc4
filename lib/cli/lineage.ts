import type { Plan, PlanNode } from '../component/plan.ts';

/** For each table and column of a plan: the columns of sources that it is made of, as `source.column`, in order. */
export type Lineage = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Where the values of every published column come from, through all steps. */
export function lineageOf(plan: Plan): Lineage {
  const nodes = new Map(plan.nodes.map((node) => [node.id, node]));
  const known = new Map<string, readonly string[]>();
  const trace = (id: string, column: string): readonly string[] => {
    const name = `${id}:${column}`;
    const before = known.get(name);
    if (before) return before;
    const found = [
      ...new Set(originsOf(nodes.get(id)!, column).flatMap((one) => (one.end ? [one.end] : trace(...one.next!)))),
    ];
    known.set(name, found);
    return found;
  };
  const tables = plan.nodes.flatMap((node) => (node.kind === 'output' ? [node] : []));
  return Object.fromEntries(
    tables.map(({ table, input, columns }) => [
      table,
      Object.fromEntries(columns.map(({ name }) => [name, trace(input, name)])),
    ]),
  );
}

interface Origin {
  /** `source.column`. */
  readonly end?: string;
  readonly next?: readonly [id: string, column: string];
}

function originsOf(node: PlanNode, column: string): Origin[] {
  if (node.kind === 'source') return [{ end: `${node.id}.${column}` }];
  if (node.kind === 'output') return [{ next: [node.input, column] }];
  return (node.lineage[column] ?? []).map((origin) => {
    // A column's name may hold a colon; a node's may not.
    const colon = origin.indexOf(':');
    return { next: [origin.slice(0, colon), origin.slice(colon + 1)] };
  });
}
