import { classificationOf, type GraphColumn, type GraphEdge, type LineageGraph, same } from './lineage-graph.ts';
import type { Printer } from './print.ts';

/** Columns of a table with what they are made of and what is made of them, as trees of text. */
export function showLineageTree(printer: Printer, graph: LineageGraph, starts: readonly GraphColumn[]): void {
  for (const start of starts) {
    printer.heading(`${start.dataset}.${start.column}${confined(graph, start)}`);
    show(printer, 'made of', branches(graph, start, 'up'), 'no column: a constant or a count');
    show(printer, 'goes into', branches(graph, start, 'down'), 'nothing in this project');
  }
  const [first] = starts;
  const rows = graph.influences.filter(({ table }) => table === first?.dataset);
  for (const [by, title] of [
    ['join', 'rows are joined by'],
    ['grouping', 'rows are brought together by'],
  ] as const) {
    const columns = rows.filter((one) => one.by === by).map(({ dataset, column }) => `${dataset} ${column}`);
    if (columns.length > 0) printer.line(`\n${title}  ${[...new Set(columns)].join(', ')}`);
  }
}

interface Branch {
  readonly text: string;
  readonly branches: readonly Branch[];
}

function branches(
  graph: LineageGraph,
  at: GraphColumn,
  way: 'up' | 'down',
  above: readonly GraphColumn[] = [],
): Branch[] {
  const edges = graph.edges.filter((edge) => same(way === 'up' ? edge.to : edge.from, at));
  return edges.map((edge) => {
    const other = way === 'up' ? edge.from : edge.to;
    const path = [...above, at];
    // Tables that feed each other would go round for ever.
    const round = path.some((one) => same(one, other));
    return {
      text: `${other.dataset} ${other.column}${confined(graph, other)}${describe(edge)}${round ? '  (see above)' : ''}`,
      branches: round ? [] : branches(graph, other, way, path),
    };
  });
}

function confined(graph: LineageGraph, column: GraphColumn): string {
  const classification = classificationOf(graph, column);
  return classification ? `, ${classification}` : '';
}

function describe({ pipeline, derivation, through, masked }: GraphEdge): string {
  const how = derivation === 'identity' ? 'as it is' : `${masked ? 'masked' : derivation} in ${through.join(', ')}`;
  return `  (${pipeline}: ${how})`;
}

function show(printer: Printer, title: string, roots: readonly Branch[], none: string): void {
  printer.line(`  ${printer.paint('dim', roots.length > 0 ? title : `${title} ${none}`)}`);
  const draw = (list: readonly Branch[], indent: string): void => {
    for (const [index, { text, branches }] of list.entries()) {
      const last = index === list.length - 1;
      printer.line(`${indent}${last ? '└─' : '├─'} ${text}`);
      draw(branches, `${indent}${last ? '   ' : '│  '}`);
    }
  };
  draw(roots, '  ');
}
