import type { GrowthPoint } from './growth.ts';

const [width, height] = [360, 240];
const [left, right, top, bottom] = [52, 24, 44, 40];
const [innerWidth, innerHeight] = [width - left - right, height - top - bottom];
const colours = ['#1f6feb', '#bc4c00'];

interface Line {
  readonly name: string;
  readonly up: (one: GrowthPoint) => number;
}

interface Plot {
  readonly title: string;
  readonly points: readonly GrowthPoint[];
  readonly across: (one: GrowthPoint) => number;
  readonly lines: readonly Line[];
  /** Logarithmic upwards, too, so that growth in proportion is a straight line, which is drawn as well. */
  readonly proportion?: boolean;
}

/** Four small plots: time and memory, by rows in one chunk and by chunks of the most rows. */
export function drawGrowth(points: readonly GrowthPoint[]): string {
  const most = Math.max(...points.map(({ rows }) => rows));
  const byRows = points.filter(({ chunks }) => chunks === 1);
  const byChunks = points.filter(({ rows }) => rows === most);
  const time: Line[] = [
    { name: 'seconds', up: (one) => one.seconds },
    { name: 'CPU seconds', up: (one) => one.cpuSeconds },
  ];
  const memory: Line[] = [{ name: 'peak MiB', up: (one) => one.peakBytes / 1024 ** 2 }];
  const rows = (one: GrowthPoint) => one.rows;
  const chunks = (one: GrowthPoint) => one.chunks;
  const plots: Plot[] = [
    { title: 'time by rows', points: byRows, across: rows, lines: time, proportion: true },
    { title: 'memory by rows', points: byRows, across: rows, lines: memory },
    { title: `time of ${short(most)} rows by chunks`, points: byChunks, across: chunks, lines: time },
    { title: `memory of ${short(most)} rows by chunks`, points: byChunks, across: chunks, lines: memory },
  ];
  const placed = plots.map(
    (one, index) =>
      `<g transform="translate(${(index % 2) * width} ${Math.floor(index / 2) * height})">${drawn(one)}</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * width} ${2 * height}" font-family="sans-serif" font-size="11" fill="#333"><rect width="100%" height="100%" fill="#fff"/>${placed.join('')}</svg>\n`;
}

function drawn({ title, points, across, lines, proportion = false }: Plot): string {
  const values = points.flatMap((one) => lines.map(({ up }) => up(one)));
  const x = scale(points.map(across), { from: left + 16, to: left + innerWidth - 8, logarithmic: true });
  const ticks = proportion ? powersOfTen(values) : steps(Math.max(...values));
  const y = scale(ticks, { from: top + innerHeight, to: top, logarithmic: proportion });
  const parts = [
    text(left, 16, title, 'font-weight="bold"'),
    ...lines.map(({ name }, index) => text(left + index * 70, 32, name, `fill="${colours[index]}"`)),
    ...ticks.map(
      (value) =>
        `<path d="M${left} ${at(y(value))}H${left + innerWidth}" stroke="#ddd"/>${text(left - 6, y(value) + 4, short(value), 'text-anchor="end"')}`,
    ),
    ...points.map((one) => text(x(across(one)), top + innerHeight + 18, short(across(one)), 'text-anchor="middle"')),
  ];
  if (proportion) {
    const [first, last] = [points[0]!, points.at(-1)!];
    const ends = [first, last].map((one) => {
      const value = (lines[0]!.up(last) * across(one)) / across(last);
      return `${at(x(across(one)))},${at(y(value))}`;
    });
    parts.push(`<polyline points="${ends.join(' ')}" fill="none" stroke="#999" stroke-dasharray="3 3"/>`);
    parts.push(text(left + 150, 32, 'in proportion (dashed)', 'fill="#777"'));
  }
  for (const [index, { up }] of lines.entries()) {
    const places = points.map((one) => ({ x: at(x(across(one))), y: at(y(up(one))) }));
    parts.push(
      `<polyline points="${places.map((one) => `${one.x},${one.y}`).join(' ')}" fill="none" stroke="${colours[index]}" stroke-width="1.5"/>`,
      ...places.map((one) => `<circle cx="${one.x}" cy="${one.y}" r="3" fill="${colours[index]}"/>`),
    );
  }
  return parts.join('');
}

function scale(values: readonly number[], range: { from: number; to: number; logarithmic: boolean }) {
  const of = (value: number) => (range.logarithmic ? Math.log10(value) : value);
  const [least, most] = [Math.min(...values.map(of)), Math.max(...values.map(of))];
  return (value: number) => range.from + ((of(value) - least) / (most - least || 1)) * (range.to - range.from);
}

/** From nothing to the first round number that is not below the highest value. */
function steps(highest: number): number[] {
  const unit = 10 ** Math.floor(Math.log10(highest || 1));
  const step = [0.25, 0.5, 1, 2.5].map((part) => part * unit).find((one) => one * 4 >= highest) ?? 2.5 * unit;
  const count = Math.max(1, Math.ceil(highest / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

function powersOfTen(values: readonly number[]): number[] {
  const [least, most] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  return Array.from({ length: Math.max(most - least, 1) + 1 }, (_, index) => 10 ** (least + index));
}

function text(x: number, y: number, words: string, attributes: string): string {
  return `<text x="${at(x)}" y="${at(y)}" ${attributes}>${words}</text>`;
}

/** `10 million`, `2,500`, `0.1`. */
function short(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))} million`;
  return Number(value.toPrecision(3)).toLocaleString('en');
}

function at(value: number): string {
  return value.toFixed(1);
}
