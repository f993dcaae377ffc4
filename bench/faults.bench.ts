import { playAll } from '../test/faults/play-all.ts';
import { linesOf } from '../test/faults/report.ts';
import { type BenchOption, type BenchOptions, chosenParts } from './options.ts';

export const takes: readonly BenchOption[] = ['histories', 'from', 'only'];

const parts = ['histories', 'systematic', 'stored'] as const;

/** Runs in a simulated cloud: generated histories a second, effects enumerated, kills and losses survived. */
export async function measure({ histories = 200, from = 0, only }: Partial<BenchOptions>) {
  const chosen = chosenParts(parts, only);
  const began = performance.now();
  const report = await playAll({
    histories: chosen.includes('histories') ? histories : 0,
    from,
    systematic: chosen.includes('systematic'),
    cases: chosen.includes('stored'),
    tell: (line) => console.log(line),
  });
  const seconds = (performance.now() - began) / 1000;
  const figures = {
    ...report,
    seconds,
    historiesPerSecond: report.histories / seconds,
    cpuSecondsPerHistory: report.cpuSeconds / report.histories,
  };
  for (const line of linesOf(report)) console.log(line);
  console.table(figures);
  return figures;
}
