import type { GrowthPoint } from './growth.ts';

const [width, height, margin] = [340, 220, 48];

/** Four small plots: CPU seconds, which depend least on what else the machine does, and memory, by rows and by chunks. */
export function drawGrowth(points: readonly GrowthPoint[]): string {
  const most = Math.max(...points.map(({ rows }) => rows));
  const byRows = points.filter(({ chunks }) => chunks === 1);
  const byChunks = points.filter(({ rows }) => rows === most);
  const seconds = (one: GrowthPoint) => one.cpuSeconds;
  const memory = (one: GrowthPoint) => one.peakBytes / 1024 ** 2;
  const rows = (one: GrowthPoint) => one.rows;
  const chunks = (one: GrowthPoint) => one.chunks;
  const plots = [
    plot('CPU seconds by rows', byRows, rows, seconds),
    plot('peak MiB by rows', byRows, rows, memory),
    plot('CPU seconds by chunks', byChunks, chunks, seconds),
    plot('peak MiB by chunks', byChunks, chunks, memory),
  ];
  const placed = plots.map(
    (one, index) => `<g transform="translate(${(index % 2) * width} ${Math.floor(index / 2) * height})">${one}</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * width} ${2 * height}" font-family="sans-serif" font-size="11" fill="#333"><rect width="100%" height="100%" fill="#fff"/>${placed.join('')}</svg>\n`;
}

/** Logarithmic across, from nothing upwards. */
function plot(
  title: string,
  points: readonly GrowthPoint[],
  across: (one: GrowthPoint) => number,
  up: (one: GrowthPoint) => number,
): string {
  const logs = points.map((one) => Math.log10(across(one)));
  const [least, most] = [Math.min(...logs), Math.max(...logs)];
  const top = Math.max(...points.map(up)) * 1.15 || 1;
  const x = (one: GrowthPoint) =>
    margin + ((Math.log10(across(one)) - least) / (most - least || 1)) * (width - 2 * margin);
  const y = (one: GrowthPoint) => height - margin - (up(one) / top) * (height - 2 * margin);
  const at = (value: number) => value.toFixed(1);
  const line = points.map((one) => `${at(x(one))},${at(y(one))}`).join(' ');
  const marks = points.map(
    (one) =>
      `<circle cx="${at(x(one))}" cy="${at(y(one))}" r="3" fill="#1f6feb"/>` +
      `<text x="${at(x(one))}" y="${at(y(one) - 8)}" text-anchor="middle">${up(one).toFixed(up(one) < 10 ? 2 : 0)}</text>` +
      `<text x="${at(x(one))}" y="${height - margin + 16}" text-anchor="middle">${across(one).toLocaleString('en')}</text>`,
  );
  const axis = `<path d="M${margin} ${margin / 2}V${height - margin}H${width - margin / 2}" fill="none" stroke="#999"/>`;
  return `<text x="${margin}" y="16" font-weight="bold">${title}</text>${axis}<polyline points="${line}" fill="none" stroke="#1f6feb" stroke-width="1.5"/>${marks.join('')}`;
}
