import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { median } from '../median.ts';

import { type Go, go } from './go.ts';
import { drawGrowth } from './growth-plot.ts';
import { inputOf } from './input.ts';
import type { JobOptions } from './job.ts';

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
  const sizes = [rows / 100, rows / 10, rows].map(Math.ceil).map((size) => ({ rows: size, chunks: 1 }));
  const cuts = [10, 100].map((chunks) => ({ rows, chunks }));
  const load = loadavg()[0]!;
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
    growthPage(points, { format, threads, memoryMegabytes, repeat, equalResults, load }),
  );
  return { rows, format, threads, memoryMegabytes, repeat, load, equalResults, points };
}

interface Circumstances extends Omit<GrowthOptions, 'rows'> {
  readonly equalResults: boolean;
  /** What else ran: mean number of processes that wanted a processor in the minute before. */
  readonly load: number;
}

export function growthPage(points: readonly GrowthPoint[], circumstances: Circumstances): string {
  const { format, threads, memoryMegabytes, repeat, equalResults, load } = circumstances;
  const most = Math.max(...points.map(({ rows }) => rows));
  const busy =
    load < 0.5
      ? ''
      : ` Other work (a load of ${load.toFixed(1)}) shared the machine: compare CPU seconds, not seconds.`;
  const lines = points.map(
    ({ rows, chunks, seconds, cpuSeconds, peakBytes }) =>
      `| ${[rows, chunks, seconds, cpuSeconds, Math.round(rows / seconds), Math.round(peakBytes / 1024 ** 2), Math.round(peakBytes / rows)].map((value) => value.toLocaleString('en')).join(' | ')} |`,
  );
  return `# How the engine's time and memory grow

Made by \`npm run bench -- engine --growth --rows ${most} --format ${format} --threads ${threads} --memory ${memoryMegabytes} --repeat ${repeat}\`: the standard job (see \`bench/engine\`) by Penstock's stage handlers, one chunk after the other in one process, as a function of ${memoryMegabytes.toLocaleString('en')} MB with ${threads} threads runs them.${busy} Rows in several chunks travel between stages, which costs CPU and saves memory; on AWS the chunks run side by side.

| rows | chunks | seconds | CPU seconds | rows a second | peak MiB of the process | peak bytes a row |
|---|---|---|---|---|---|---|
${lines.join('\n')}

However it was cut, the result was ${equalResults ? 'the same' : '**not** the same'}.

![time and memory by rows and by chunks](engine-growth.svg)
`;
}
