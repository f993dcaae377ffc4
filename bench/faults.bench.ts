import { CommandUsageError } from '../lib/cli/errors.ts';
import { playAll } from '../test/faults/play-all.ts';
import { measureFromFileToEnd } from './faults/measure-from-file-to-end.ts';
import type { BenchOption, BenchOptions } from './options.ts';

export const takes: readonly BenchOption[] = ['histories', 'only', 'repeat'];

const parts = ['histories', 'systematic', 'latency'] as const;
type Part = (typeof parts)[number];

/**
 * Runs in a simulated cloud: generated histories a second, effects enumerated, kills and losses survived; and on warm local
 * AWS, how long a file of 1,000 rows takes from its drop to the start of its run and to its end.
 */
export async function measure({ histories = 200, only, repeat = 200 }: Partial<BenchOptions>) {
  const chosen = chosenParts(only);
  const began = performance.now();
  const simulated = chosen.filter((part) => part !== 'latency');
  const report =
    simulated.length === 0
      ? undefined
      : await playAll({
          histories: chosen.includes('histories') ? histories : 0,
          systematic: chosen.includes('systematic'),
          cases: true,
          tell: (line) => console.log(line),
        });
  const seconds = (performance.now() - began) / 1000;
  const figures = report && {
    ...report,
    seconds,
    historiesPerSecond: report.histories / seconds,
    cpuSecondsPerHistory: report.cpuSeconds / report.histories,
  };
  if (figures) console.table(figures);
  const latency = chosen.includes('latency') ? await measureFromFileToEnd(repeat) : undefined;
  if (latency) console.table(latency);
  return { ...(figures && { simulator: figures }), ...(latency && { latency }) };
}

function chosenParts(only: readonly string[] | undefined): readonly Part[] {
  if (only === undefined) return parts;
  const unknown = only.filter((name) => !(parts as readonly string[]).includes(name));
  if (unknown.length === 0) return parts.filter((part) => only.includes(part));
  throw new CommandUsageError({
    problem: 'there is no such part of this bench',
    received: unknown.join(', '),
    allowed: [...parts],
    change: 'name parts that there are, or leave --only out',
  });
}
