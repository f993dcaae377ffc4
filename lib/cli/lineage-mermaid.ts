import type { GraphColumn, GraphEdge } from './lineage-graph.ts';

/** A flowchart for Mermaid: a box for each dataset, in it its columns. */
export function lineageMermaid(edges: readonly GraphEdge[], starts: readonly GraphColumn[]): string {
  const datasets = columnsByDataset(edges, starts);
  const ids = new Map<string, string>();
  const idOf = ({ dataset, column }: GraphColumn) => ids.get(JSON.stringify([dataset, column]))!;
  const lines = ['flowchart LR'];
  for (const [index, [dataset, columns]] of [...datasets].entries()) {
    lines.push(`  subgraph d${index}["${mermaidText(dataset)}"]`);
    for (const column of columns) {
      const id = `c${ids.size}`;
      ids.set(JSON.stringify([dataset, column]), id);
      lines.push(`    ${id}["${mermaidText(column)}"]`);
    }
    lines.push('  end');
  }
  for (const { from, to, derivation, masked } of edges) {
    const label = derivation === 'identity' ? '' : `|${masked ? 'masked' : derivation}|`;
    lines.push(`  ${idOf(from)} -->${label} ${idOf(to)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Datasets of a part of the graph with those of their columns that are in it, sources first. */
export function columnsByDataset(
  edges: readonly GraphEdge[],
  starts: readonly GraphColumn[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { dataset, column } of [...edges.map(({ from }) => from), ...edges.map(({ to }) => to), ...starts]) {
    if (!found.has(dataset)) found.set(dataset, new Set());
    found.get(dataset)!.add(column);
  }
  return new Map([...found].map(([dataset, columns]) => [dataset, [...columns]]));
}

/** Mermaid knows its own entities, written with `#` in place of `&`. */
export function mermaidText(text: string): string {
  return text.replace(/[^\p{L}\p{N} _./-]/gu, (character) => `#${character.codePointAt(0)};`);
}
