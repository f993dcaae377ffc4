import { html, type Markup } from '../../core/markup.ts';

/** A row of a plot: parts that lie behind each other, from the left. */
export interface Bar {
  readonly label: string;
  /** Beside the bar. */
  readonly value: string;
  readonly parts: readonly BarPart[];
}

export interface BarPart {
  /** In the unit of the plot. */
  readonly size: number;
  /** Class that colours it, e.g. `good`. */
  readonly tone: Tone;
  readonly name: string;
}

export type Tone = 'good' | 'warn' | 'bad' | 'plain' | 'soft';

export interface BarPlot {
  /** What a reader who sees nothing is told. */
  readonly title: string;
  readonly bars: readonly Bar[];
  /** What a bar over the whole width stands for. Default: the largest bar. */
  readonly whole?: number;
  /** Values that are marked by a line. */
  readonly marks?: readonly { readonly at: number; readonly name: string }[];
}

const width = 720;
const labels = 220;
const values = 110;
const line = 26;
const thick = 14;
/** As many letters as there is room for, wide ones among them. */
const longestLabel = 29;

/** Bars as SVG: label, bar, value. What is there at all is seen: no part is narrower than a pixel. */
export function barPlot({ title, bars, whole, marks = [] }: BarPlot): Markup {
  const room = width - labels - values;
  const most = whole ?? Math.max(...bars.map(sum));
  const scale = (size: number) => (most > 0 ? (size / most) * room : 0);
  const top = marks.length > 0 ? 18 : 4;
  const height = top + bars.length * line;
  return html`<div class="wide" tabindex="0"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}"><title>${title}</title>${marks.map(
    ({ at, name }) =>
      html`<g class="mark"><line x1="${labels + scale(at)}" x2="${labels + scale(at)}" y1="14" y2="${height}"/><text x="${labels + scale(at)}" y="10" text-anchor="middle">${name}</text></g>`,
  )}${bars.map((bar, index) => oneBar(bar, top + index * line, scale))}</svg></div>`;
}

function oneBar({ label, value, parts }: Bar, y: number, scale: (size: number) => number): Markup {
  let x = labels;
  const drawn = parts
    .filter(({ size }) => size > 0)
    .map(({ size, tone, name }) => {
      const from = x;
      const wide = Math.max(1, scale(size));
      x += wide;
      return html`<rect class="${tone}" x="${from.toFixed(1)}" y="${y + 3}" width="${wide.toFixed(1)}" height="${thick}"><title>${name}</title></rect>`;
    });
  const short = label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label;
  return html`<g><text class="label" x="${labels - 8}" y="${y + thick}" text-anchor="end">${short}<title>${label}</title></text>${drawn}<text class="value" x="${width - values + 8}" y="${y + thick}">${value}</text></g>`;
}

function sum({ parts }: Bar): number {
  return parts.reduce((total, { size }) => total + size, 0);
}
