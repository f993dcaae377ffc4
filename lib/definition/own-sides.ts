import type { RuleReference } from '../component/quality-rule.ts';
import type { DefinitionNode } from './graph.ts';
import { referenceNodes, upstream, wholeSources } from './references.ts';

interface Graph {
  /** Inputs first. */
  readonly nodes: readonly DefinitionNode[];
  /** Their `side` is the id of a node. */
  readonly rules: RuleReference[];
}

/**
 * Gives second inputs that are read whole before the chunks start nodes of their own, where their rows also flow through
 * the chunks, as those of a dataset that one step looks up and another one joins. Both read the same then: of a source
 * that every run reads whole. One whose files runs use up is left alone: what a lookup in it means is not clear.
 */
export function withOwnSides({ nodes, rules }: Graph): Graph {
  const references = referenceNodes(nodes);
  const wholes = wholeSources(nodes);
  const taken = new Set(nodes.map(({ id }) => id));
  /** Of a node that flows, the id of the one that is read whole. */
  const own = new Map<string, string>();
  const ownOf = (side: string): string => {
    const made = [...new Set(upstream(nodes, side))];
    const flowing = made.filter((id) => !references.has(id));
    const sources = nodes.filter((node) => node.kind === 'source' && flowing.includes(node.id));
    if (!sources.every((node) => wholes.has(node.id) && !('incremental' in node))) return side;
    for (const id of flowing) if (!own.has(id)) own.set(id, free(id, taken));
    return own.get(side) ?? side;
  };
  const sides = new Map<string, string>();
  for (const node of nodes) if (node.kind === 'step' && node.side !== undefined) sides.set(node.id, ownOf(node.side));
  const ownRules = rules.map((rule) =>
    typeof rule.side === 'string' ? Object.freeze({ ...rule, side: ownOf(rule.side) }) : rule,
  );
  if (own.size === 0) return { nodes, rules };
  const all = nodes.flatMap((node) => {
    const side = sides.get(node.id);
    const reads = side === undefined ? node : { ...node, side };
    const copy = own.get(node.id);
    return copy === undefined ? [reads] : [reads, copied(reads, copy, own)];
  });
  return { nodes: inputsFirst(all), rules: ownRules };
}

function copied(node: DefinitionNode, id: string, own: ReadonlyMap<string, string>): DefinitionNode {
  if (node.kind !== 'step') return { ...node, id };
  const ownId = (input: string) => own.get(input) ?? input;
  return { ...node, id, input: ownId(node.input), ...(node.others && { others: node.others.map(ownId) }) };
}

/** `airports` → `airports-whole`, `airports.1-filter` → `airports-whole.1-filter`. */
function free(id: string, taken: Set<string>): string {
  const [source, ...step] = id.split('.');
  for (let count = 1; ; count++) {
    const name = [`${source}-whole${count === 1 ? '' : `-${count}`}`, ...step].join('.');
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

/** A side may be made of what comes later in the graph than the step that reads it did. */
function inputsFirst(nodes: readonly DefinitionNode[]): DefinitionNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const placed = new Set<DefinitionNode>();
  const place = (node: DefinitionNode | undefined): void => {
    // Nodes with mistakes are not there.
    if (!node || placed.has(node)) return;
    for (const id of inputsOf(node)) place(byId.get(id));
    placed.add(node);
  };
  for (const node of nodes) place(node);
  return [...placed];
}

function inputsOf(node: DefinitionNode): readonly string[] {
  if (node.kind === 'source') return [];
  if (node.kind === 'output') return [node.input];
  return [node.input, ...(node.side === undefined ? [] : [node.side]), ...(node.others ?? [])];
}
