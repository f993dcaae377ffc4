import type { Classification } from '../component/plan.ts';
import { html, Markup } from '../core/markup.ts';
import { type GraphColumn, type GraphEdge, same } from './lineage-graph.ts';
import { columnsByDataset } from './lineage-mermaid.ts';

const boxWidth = 250;
const gapX = 110;
const gapY = 26;
const headHeight = 48;
const rowHeight = 22;
const margin = 20;
const legendHeight = 34;
const longestName = 32;

interface Box {
  readonly dataset: string;
  readonly columns: readonly string[];
  readonly x: number;
  readonly y: number;
}

/** What happens to values on their way, and how it is said in the picture. */
const kinds = {
  identity: 'as it is',
  transformation: 'another value made of it',
  aggregation: 'aggregated',
  masked: 'masked',
} as const;
type Kind = keyof typeof kinds;

const colours: Readonly<Record<Kind, readonly [light: string, dark: string]>> = {
  identity: ['#8b95a5', '#657182'],
  transformation: ['#2f6fb3', '#6cb0f0'],
  aggregation: ['#9a6200', '#e0a63a'],
  masked: ['#7a3fa0', '#c79be6'],
};
const coloured = (which: 0 | 1) =>
  Object.entries(colours)
    .map(([kind, pair]) => `.${kind}{stroke:${pair[which]};fill:${pair[which]}}`)
    .join('');

const style = new Markup(`<style>
text{font:13px system-ui,sans-serif;fill:#1a1f27}.ground{fill:#fff}.box{fill:#f6f7f9;stroke:#8b95a5}.start .box{stroke:#2f6fb3;stroke-width:2}.head,.named{font-weight:600}.faint{font-size:11px;fill:#5b6675}
${coloured(0)}path.line{fill:none;stroke-width:1.5}path.aggregation{stroke-dasharray:6 3}path.masked{stroke-dasharray:2 3}
@media(prefers-color-scheme:dark){text{fill:#e8ebf0}.faint{fill:#9aa5b5}.ground{fill:#12161c}.box{fill:#1b212a;stroke:#657182}.start .box{stroke:#6cb0f0}${coloured(1)}path.line{fill:none}}
</style>`);

/** What is drawn besides columns and lines. */
export interface LineageNotes {
  /** Who may see the values of a column; undefined where nobody has said. */
  classificationOf(column: GraphColumn): Classification | undefined;
}

/**
 * A picture of a part of the graph: datasets as boxes from the sources at the left, an arrow for each edge, and what the
 * arrows mean.
 */
export function lineageSvg(edges: readonly GraphEdge[], starts: readonly GraphColumn[], notes?: LineageNotes): string {
  const boxes = place(edges, starts);
  const shown = (Object.keys(kinds) as Kind[]).filter((kind) => edges.some((edge) => kindOf(edge) === kind));
  const right = Math.max(...boxes.map(({ x }) => x)) + boxWidth + margin;
  const bottom = Math.max(...boxes.map((box) => box.y + heightOf(box.columns))) + margin;
  const width = Math.max(right, shown.length * legendWidth + margin);
  const height = bottom + (shown.length > 0 ? legendHeight : 0);
  const title = `Lineage of ${[...new Set(starts.map(({ dataset }) => dataset))].join(', ')}`;
  const drawing = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">
<title>${title}</title>
${style}
<rect class="ground" width="${width}" height="${height}"/>
${edges.map((edge) => arrow(edge, boxes))}
${boxes.map((box) => draw(box, { edges, starts, notes }))}
${shown.map((kind, index) => legend(kind, margin + index * legendWidth, bottom + 8))}
</svg>
`;
  return drawing.text;
}

function kindOf({ derivation, masked }: GraphEdge): Kind {
  return masked ? 'masked' : derivation;
}

const legendWidth = 200;

function legend(kind: Kind, x: number, y: number): Markup {
  return html`<g class="legend"><path class="line ${kind}" d="M${x},${y}h28"/>${head(kind, x + 34, y)}<text class="faint" x="${x + 42}" y="${y + 4}">${kinds[kind]}</text></g>`;
}

/** Drawn, not a marker: markers do not take the colour of their line in every viewer. */
function head(kind: Kind, x: number, y: number): Markup {
  return html`<polygon class="${kind}" points="${x},${y} ${x - 7},${y - 4} ${x - 7},${y + 4}"/>`;
}

/** A dataset stands to the right of all that it is made of. */
function place(edges: readonly GraphEdge[], starts: readonly GraphColumn[]): Box[] {
  const datasets = columnsByDataset(edges, starts);
  const layers = new Map([...datasets.keys()].map((dataset) => [dataset, 0]));
  // Tables that feed each other have no order: after as many rounds as there are datasets it is left as it is.
  for (let round = 0; round < datasets.size; round++) {
    for (const { from, to } of edges) {
      if (from.dataset === to.dataset) continue;
      layers.set(to.dataset, Math.max(layers.get(to.dataset)!, Math.min(layers.get(from.dataset)! + 1, datasets.size)));
    }
  }
  const used = [...new Set(layers.values())].sort((a, b) => a - b);
  const bottoms = new Map<number, number>();
  return [...datasets].map(([dataset, columns]) => {
    const layer = used.indexOf(layers.get(dataset)!);
    const y = bottoms.get(layer) ?? margin;
    bottoms.set(layer, y + heightOf(columns) + gapY);
    return { dataset, columns, x: margin + layer * (boxWidth + gapX), y };
  });
}

function heightOf(columns: readonly string[]): number {
  return headHeight + columns.length * rowHeight + 8;
}

interface Around {
  readonly edges: readonly GraphEdge[];
  readonly starts: readonly GraphColumn[];
  readonly notes?: LineageNotes | undefined;
}

function draw({ dataset, columns, x, y }: Box, { edges, starts, notes }: Around): Markup {
  const own = starts.filter((one) => one.dataset === dataset);
  const makers = [...new Set(edges.filter(({ to }) => to.dataset === dataset).map(({ pipeline }) => pipeline))];
  const rows = columns.map((column, index) => {
    const line = y + headHeight + (index + 0.7) * rowHeight;
    const confined = notes?.classificationOf({ dataset, column });
    // Of a table that was asked for as a whole, no column stands out.
    const named = own.length === 1 && same(own[0]!, { dataset, column });
    return html`<text${named ? new Markup(' class="named"') : undefined} x="${x + 12}" y="${line}">${short(column)}<title>${column}</title></text>${
      confined && html`<text class="faint" text-anchor="end" x="${x + boxWidth - 12}" y="${line}">${confined}</text>`
    }`;
  });
  const note = makers.length > 0 ? `made by ${makers.join(', ')}` : 'source';
  return html`<g${own.length > 0 ? new Markup(' class="start"') : undefined}><rect class="box" x="${x}" y="${y}" width="${boxWidth}" height="${heightOf(columns)}" rx="8"/><text class="head" x="${x + 12}" y="${y + 21}">${short(dataset)}<title>${dataset}</title></text><text class="faint" x="${x + 12}" y="${y + 37}">${short(note)}<title>${note}</title></text>${rows}</g>`;
}

function arrow(edge: GraphEdge, boxes: readonly Box[]): Markup {
  const { from, to, pipeline, through } = edge;
  const kind = kindOf(edge);
  const [a, b] = [portOf(from, boxes), portOf(to, boxes)];
  const [x1, x2] = [a.x + boxWidth, b.x - 7];
  const bend = Math.max(40, (x2 - x1) / 2);
  const path = `M${x1},${a.y} C${x1 + bend},${a.y} ${x2 - bend},${b.y} ${x2},${b.y}`;
  const how = through.length > 0 ? `${kinds[kind]} in ${through.join(', ')}` : kinds[kind];
  return html`<g><title>${from.column} → ${to.column}, ${pipeline}: ${how}</title><path class="line ${kind}" d="${path}"/>${head(kind, b.x, b.y)}</g>`;
}

function portOf({ dataset, column }: GraphColumn, boxes: readonly Box[]): { x: number; y: number } {
  const box = boxes.find((one) => one.dataset === dataset)!;
  return { x: box.x, y: box.y + headHeight + (box.columns.indexOf(column) + 0.5) * rowHeight };
}

function short(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
}
