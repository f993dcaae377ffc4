import { moreConfined } from '../component/classifications.ts';
import { ColumnLineage, type Derivation } from '../component/column-lineage.ts';
import type { Connector } from '../component/connector.ts';
import type { Classification, OutputNode, Plan, SourceNode } from '../component/plan.ts';
import { components } from '../registry/components.ts';

/** A column of a table of the project, or of what a pipeline reads. */
export interface GraphColumn {
  /** Name of a table, or place of a source in the lake, e.g. `landing/flights/`. */
  readonly dataset: string;
  readonly column: string;
}

/** A pipeline makes one column of another. */
export interface GraphEdge {
  readonly from: GraphColumn;
  readonly to: GraphColumn;
  readonly pipeline: string;
  readonly derivation: Derivation;
  /** Steps that make another value of it. */
  readonly through: readonly string[];
  readonly masked?: true;
}

/** A column by which a pipeline joins or groups the rows of a table. */
export interface GraphInfluence extends GraphColumn {
  readonly table: string;
  readonly pipeline: string;
  readonly by: 'join' | 'grouping';
}

/** What is made of what in the pipelines of a project. */
export interface LineageGraph {
  /** Columns of each table, in order. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  readonly edges: readonly GraphEdge[];
  readonly influences: readonly GraphInfluence[];
  /** Who may see the values of a column, by dataset and column, where it has been said. */
  readonly classified: ReadonlyMap<string, ReadonlyMap<string, Classification>>;
}

export function lineageGraph(plans: readonly Plan[]): LineageGraph {
  const tables: Record<string, readonly string[]> = {};
  const edges: GraphEdge[] = [];
  const influences: GraphInfluence[] = [];
  const classified = new Map<string, Map<string, Classification>>();
  for (const plan of plans) {
    const { pipeline } = plan;
    const lineage = new ColumnLineage(plan);
    const places = new Map(plan.nodes.flatMap((node) => (node.kind === 'source' ? [[node.id, placeOf(node)]] : [])));
    for (const node of plan.nodes) {
      if (node.kind === 'step') continue;
      const dataset = node.kind === 'source' ? places.get(node.id)! : node.table;
      if (!classified.has(dataset)) classified.set(dataset, new Map());
      const own = classified.get(dataset)!;
      for (const [name, one] of Object.entries(node.classified ?? {})) own.set(name, moreConfined(own.get(name), one)!);
    }
    for (const node of plan.nodes.filter((one): one is OutputNode => one.kind === 'output')) {
      const { table } = node;
      // Several pipelines may write one table.
      tables[table] = [...new Set([...(tables[table] ?? []), ...node.columns.map(({ name }) => name)])];
      for (const { name } of node.columns) {
        for (const { source, column, ...how } of lineage.origins(node.id, name)) {
          const from = { dataset: places.get(source)!, column };
          edges.push({ from, to: { dataset: table, column: name }, pipeline, ...how });
        }
      }
      for (const { source, column, by } of lineage.influences(node))
        influences.push({ table, pipeline, dataset: places.get(source)!, column, by });
    }
  }
  return { tables, edges, influences, classified };
}

/** Who may see the values of a column; undefined where nobody has said. */
export function classificationOf({ classified }: LineageGraph, { dataset, column }: GraphColumn) {
  return classified.get(dataset)?.get(column);
}

/** A source that reads the files of a table is that table. */
function placeOf(node: SourceNode): string {
  const { source } = (components as Readonly<Record<string, unknown>>)[node.component] as Connector;
  const objects = source!.objects(node.options);
  if ('table' in objects) return objects.table;
  const place = 'key' in objects ? objects.key : objects.prefix;
  return /^curated\/([^/]+)/.exec(place)?.[1] ?? place;
}

/** Edges that lead to the columns, from wherever they come, and those that go on from there. */
export function around(graph: LineageGraph, starts: readonly GraphColumn[]): readonly GraphEdge[] {
  const up = reach(starts, (one) => graph.edges.filter(({ to }) => same(to, one)).map((edge) => [edge, edge.from]));
  const down = reach(starts, (one) => graph.edges.filter(({ from }) => same(from, one)).map((edge) => [edge, edge.to]));
  return graph.edges.filter((edge) => up.has(edge) || down.has(edge));
}

function reach(
  starts: readonly GraphColumn[],
  next: (column: GraphColumn) => readonly (readonly [GraphEdge, GraphColumn])[],
): Set<GraphEdge> {
  const edges = new Set<GraphEdge>();
  const waiting = [...starts];
  for (let column = waiting.pop(); column; column = waiting.pop()) {
    for (const [edge, other] of next(column)) {
      if (edges.has(edge)) continue;
      edges.add(edge);
      waiting.push(other);
    }
  }
  return edges;
}

export function same(a: GraphColumn, b: GraphColumn): boolean {
  return a.dataset === b.dataset && a.column === b.column;
}
