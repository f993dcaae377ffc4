import type { DefinitionNode } from './graph.ts';

/** What of a node says where rows go. */
export type GraphNode = Pick<DefinitionNode, 'kind' | 'id'> & {
  readonly input?: string;
  readonly side?: string;
  readonly others?: readonly string[];
};

/** Nodes that are only read as the second input of others, or lead there. */
export function referenceNodes(nodes: readonly GraphNode[]): Set<string> {
  const main = new Set<string>();
  for (const node of [...nodes].reverse()) {
    if (node.kind === 'output' || (node.kind === 'step' && main.has(node.id)))
      for (const id of [node.input!, ...(node.others ?? [])]) main.add(id);
  }
  return new Set(nodes.filter((node) => node.kind !== 'output' && !main.has(node.id)).map((node) => node.id));
}

/**
 * Tables, and sources that are read only to be joined to others: no run uses their files up, as the next one wants them
 * as well.
 * @param nodes inputs first
 */
export function wholeSources(nodes: readonly DefinitionNode[]): Set<string> {
  const used = new Set<string>();
  for (const node of [...nodes].reverse()) {
    if (node.kind === 'output') used.add(node.input);
    if (node.kind !== 'step' || !used.has(node.id)) continue;
    used.add(node.input);
    if (node.operator.takesOthers) for (const id of node.others ?? []) used.add(id);
  }
  const isWhole = (node: DefinitionNode) =>
    node.kind === 'source' && (!used.has(node.id) || 'table' in node.connector.source!.objects(node.options));
  return new Set(nodes.filter(isWhole).map((node) => node.id));
}

/** A node and all that it is made of. */
export function upstream(nodes: readonly GraphNode[], id: string): string[] {
  const node = nodes.find((one) => one.id === id);
  if (!node) return [];
  return [
    id,
    ...[node.input, node.side, ...(node.others ?? [])].flatMap((one) =>
      one === undefined ? [] : upstream(nodes, one),
    ),
  ];
}
