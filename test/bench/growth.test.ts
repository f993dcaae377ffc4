import { describe, expect, it } from 'vitest';
import { growthPage } from '../../bench/engine/growth.ts';
import { drawGrowth } from '../../bench/engine/growth-plot.ts';

const MiB = 1024 ** 2;
const points = [
  { rows: 100_000, chunks: 1, seconds: 0.5, cpuSeconds: 0.9, peakBytes: 300 * MiB },
  { rows: 1_000_000, chunks: 1, seconds: 2.5, cpuSeconds: 5, peakBytes: 800 * MiB },
  { rows: 10_000_000, chunks: 1, seconds: 25, cpuSeconds: 50, peakBytes: 1100 * MiB },
  { rows: 10_000_000, chunks: 10, seconds: 30, cpuSeconds: 55, peakBytes: 800 * MiB },
  { rows: 10_000_000, chunks: 100, seconds: 60, cpuSeconds: 90, peakBytes: 500 * MiB },
];
const made = { format: 'csv', threads: 2, memoryMegabytes: 1769, repeat: 1, equalResults: true, load: 0.1 } as const;

describe('how the engine grows', () => {
  it('is told as a table, with the command that made it', () => {
    const page = growthPage(points, made);
    expect(page).toContain('`npm run bench -- engine --growth --rows 10000000 --format csv');
    expect(page).toContain('| 1,000,000 | 1 | 2.5 | 5 | 400,000 | 800 | 839 |');
    expect(page).not.toContain('load');
  });

  it('says where the machine was busy, and where results differ', () => {
    const page = growthPage(points, { ...made, load: 7.25, equalResults: false });
    expect(page).toContain('a load of 7.3');
    expect(page).toContain('**not** the same');
  });

  it('is drawn with each point in its place', () => {
    const svg = drawGrowth(points);
    // Two lines of time and one of memory, by rows and by chunks, three points each.
    expect(svg.match(/<circle/g)).toHaveLength(18);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    const [, heights] = /time by rows[\s\S]*?<polyline points="([^"]+)"[^>]*stroke-width/.exec(svg)!;
    const [first, second, third] = heights!.split(' ').map((point) => Number(point.split(',')[1]));
    expect(first).toBeGreaterThan(second!);
    expect(second).toBeGreaterThan(third!);
  });

  it('is drawn of one size, too', () => {
    expect(drawGrowth(points.slice(0, 1))).not.toMatch(/NaN|Infinity|undefined/);
  });
});
