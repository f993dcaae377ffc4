import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../median.ts';

import { type Go, go } from './go.ts';
import { drawGrowth } from './growth-plot.ts';
import { inputOf } from './input.ts';
import type { JobOptions, OrderFormat } from './job.ts';

export interface GrowthOptions extends Pick<JobOptions, 'rows' | 'format' | 'threads' | 'memoryMegabytes'> {
  readonly repeat: number;
}

/** One measured size. */
export interface GrowthPoint {
  readonly rows: number;
  readonly chunks: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

const docs = join(import.meta.dirname, '../../docs/figures');

/**
 * How time and memory grow: a tenth of the rows, a hundredth of them, and all, in one chunk; and all rows in 1, 10 and 100
 * chunks. Leaves `docs/figures/engine-growth.md` and its plot.
 */
export async function measureGrowth({ rows, format, repeat, threads, memoryMegabytes }: GrowthOptions) {
  const sizes = [rows / 100, rows / 10, rows].map(Math.round).map((size) => ({ rows: size, chunks: 1 }));
  const cuts = [10, 100].map((chunks) => ({ rows, chunks }));
  const points: GrowthPoint[] = [];
  const digests = new Map<number, Set<string>>();
  for (const { rows: size, chunks } of [...sizes, ...cuts]) {
    const files = await inputOf(size, format);
    const goes: Go[] = [];
    for (let round = 0; round < repeat; round++)
      goes.push(await go('penstock', { ...files, format, rows: size, threads, memoryMegabytes, chunks }));
    const found = digests.get(size) ?? new Set();
    for (const { digest } of goes) found.add(JSON.stringify(digest));
    digests.set(size, found);
    const middle = (of: (one: Go) => number) => median(goes.map(of));
    points.push({
      rows: size,
      chunks,
      seconds: Number(middle((one) => one.seconds).toFixed(2)),
      cpuSeconds: Number(middle((one) => one.cpuSeconds).toFixed(2)),
      peakBytes: middle((one) => one.peakBytes),
    });
    console.log(points.at(-1));
  }
  const equalResults = [...digests.values()].every((found) => found.size === 1);
  mkdirSync(docs, { recursive: true });
  writeFileSync(join(docs, 'engine-growth.svg'), drawGrowth(points));
  writeFileSync(
    join(docs, 'engine-growth.md'),
    growthPage(points, { format, threads, memoryMegabytes, repeat, equalResults }),
  );
  return { format, threads, memoryMegabytes, repeat, equalResults, points };
}

interface Circumstances {
  readonly format: OrderFormat;
  readonly threads: number;
  readonly memoryMegabytes: number;
  readonly repeat: number;
  readonly equalResults: boolean;
}

export function growthPage(
  points: readonly GrowthPoint[],
  { format, threads, memoryMegabytes, repeat, equalResults }: Circumstances,
) {
  const most = Math.max(...points.map(({ rows }) => rows));
  const lines = points.map(
    ({ rows, chunks, seconds, cpuSeconds, peakBytes }) =>
      `| ${rows.toLocaleString('en')} | ${chunks} | ${seconds} | ${cpuSeconds} | ${(peakBytes / rows).toFixed(0)} | ${(peakBytes / 1024 ** 2).toFixed(0)} |`,
  );
  return `# How the engine's time and memory grow

Made by \`npm run bench -- engine --growth --rows ${most} --format ${format} --threads ${threads} --memory ${memoryMegabytes} --repeat ${repeat}\`: the standard job (see \`bench/engine\`) by Penstock's stage handlers, one chunk after the other in one process, on two cores that other work shared: compare CPU seconds. Rows in several chunks travel between stages, which costs CPU and saves memory; on AWS the chunks run side by side.

| rows | chunks | seconds | CPU seconds | peak bytes a row | peak MiB |
|---|---|---|---|---|---|
${lines.join('\n')}

However it was cut, the result was ${equalResults ? 'the same' : '**not** the same'}.

![time and memory by rows and by chunks](engine-growth.svg)
`;
}
