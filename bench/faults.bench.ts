import { playAll } from '../test/faults/play-all.ts';
import { type BenchOption, type BenchOptions, chosenParts } from './options.ts';

export const takes: readonly BenchOption[] = ['histories', 'only'];

const parts = ['histories', 'systematic'] as const;

/** Runs in a simulated cloud: generated histories a second, effects enumerated, kills and losses survived. */
export async function measure({ histories = 200, only }: Partial<BenchOptions>) {
  const chosen = chosenParts(parts, only);
  const began = performance.now();
  const report = await playAll({
    histories: chosen.includes('histories') ? histories : 0,
    systematic: chosen.includes('systematic'),
    cases: true,
    tell: (line) => console.log(line),
  });
  const seconds = (performance.now() - began) / 1000;
  const figures = {
    ...report,
    seconds,
    historiesPerSecond: report.histories / seconds,
    cpuSecondsPerHistory: report.cpuSeconds / report.histories,
  };
  console.table(figures);
  return figures;
}
