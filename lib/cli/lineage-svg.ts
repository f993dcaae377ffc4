import { html, Markup } from '../core/markup.ts';
import type { GraphColumn, GraphEdge } from './lineage-graph.ts';
import { columnsByDataset } from './lineage-mermaid.ts';

const boxWidth = 230;
const gapX = 110;
const gapY = 26;
const headHeight = 30;
const rowHeight = 22;
const margin = 20;
const longestName = 30;

interface Box {
  readonly dataset: string;
  readonly columns: readonly string[];
  readonly x: number;
  readonly y: number;
}

const style = new Markup(`<style>
text{font:13px system-ui,sans-serif;fill:#1a1f27}.ground{fill:#fff}.box{fill:#f6f7f9;stroke:#8b95a5}.start .box{stroke:#2f6fb3;stroke-width:2}.head{font-weight:600}
path{fill:none;stroke:#8b95a5;stroke-width:1.5}path.transformation{stroke:#2f6fb3}path.aggregation{stroke:#9a6200;stroke-dasharray:6 3}
@media(prefers-color-scheme:dark){text{fill:#e8ebf0}.ground{fill:#12161c}.box{fill:#1b212a;stroke:#657182}.start .box{stroke:#6cb0f0}path{stroke:#657182}path.transformation{stroke:#6cb0f0}path.aggregation{stroke:#e0a63a}}
</style>`);

/** A picture of a part of the graph: datasets as boxes from the sources at the left, a line for each edge. */
export function lineageSvg(edges: readonly GraphEdge[], starts: readonly GraphColumn[]): string {
  const boxes = place(edges, starts);
  const width = Math.max(...boxes.map(({ x }) => x)) + boxWidth + margin;
  const height = Math.max(...boxes.map((box) => box.y + heightOf(box.columns))) + margin;
  const title = `Lineage of ${[...new Set(starts.map(({ dataset }) => dataset))].join(', ')}`;
  const marked = new Set(starts.map(({ dataset }) => dataset));
  const drawing = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">
<title>${title}</title>
${style}
<rect class="ground" width="${width}" height="${height}"/>
${edges.map((edge) => line(edge, boxes))}
${boxes.map((box) => draw(box, marked.has(box.dataset)))}
</svg>
`;
  return drawing.text;
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

function draw({ dataset, columns, x, y }: Box, marked: boolean): Markup {
  const rows = columns.map(
    (column, index) =>
      html`<text x="${x + 12}" y="${y + headHeight + (index + 0.7) * rowHeight}">${short(column)}<title>${column}</title></text>`,
  );
  return html`<g${marked ? new Markup(' class="start"') : undefined}><rect class="box" x="${x}" y="${y}" width="${boxWidth}" height="${heightOf(columns)}" rx="8"/><text class="head" x="${x + 12}" y="${y + 20}">${short(dataset)}<title>${dataset}</title></text>${rows}</g>`;
}

function line({ from, to, pipeline, derivation, through }: GraphEdge, boxes: readonly Box[]): Markup {
  const [a, b] = [portOf(from, boxes), portOf(to, boxes)];
  const [x1, x2] = [a.x + boxWidth, b.x];
  const bend = Math.max(40, (x2 - x1) / 2);
  const path = `M${x1},${a.y} C${x1 + bend},${a.y} ${x2 - bend},${b.y} ${x2},${b.y}`;
  const how = through.length > 0 ? `${derivation} in ${through.join(', ')}` : derivation;
  return html`<path class="${derivation}" d="${path}"><title>${from.column} → ${to.column}, ${pipeline}: ${how}</title></path>`;
}

function portOf({ dataset, column }: GraphColumn, boxes: readonly Box[]): { x: number; y: number } {
  const box = boxes.find((one) => one.dataset === dataset)!;
  return { x: box.x, y: box.y + headHeight + (box.columns.indexOf(column) + 0.5) * rowHeight };
}

function short(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
}
