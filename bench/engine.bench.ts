import { CommandUsageError } from '../lib/cli/errors.ts';
import { nearest } from '../lib/core/nearest.ts';
import { compareEngines } from './engine/compare.ts';
import { contenders } from './engine/contenders.ts';
import { measureGrowth } from './engine/growth.ts';
import { type OrderFormat, orderFormats } from './engine/job.ts';
import type { BenchOption, BenchOptions } from './options.ts';

export const takes: readonly BenchOption[] = [
  'rows',
  'format',
  'threads',
  'engines',
  'repeat',
  'memory',
  'chunks',
  'growth',
];

/**
 * The standard job: generated orders, one in a hundred dirty, held against their contract, deduplicated, filtered,
 * derived, joined, grouped and written as partitioned Parquet with a quality report. Penstock's stage handlers beside a
 * hand-written DuckDB script and peers, interleaved; what they write is compared.
 */
export async function measure({ growth = false, ...given }: Partial<BenchOptions>) {
  const format = oneOf('--format', given.format ?? 'csv', orderFormats) as OrderFormat;
  const everybody = Object.keys(contenders);
  const engines = (given.engines ?? everybody).map((name) => oneOf('--engines', name, everybody));
  const { threads = 2, memory = 1769 } = given;
  if (!growth) {
    const { rows = 1_000_000, repeat = 5, chunks = 1 } = given;
    return compareEngines({ rows, format, threads, engines, repeat, memoryMegabytes: memory, chunks });
  }
  const { rows = 10_000_000, repeat = 1 } = given;
  for (const option of ['engines', 'chunks'] as const) if (given[option] !== undefined) throw notWithGrowth(option);
  return measureGrowth({ rows, format, threads, repeat, memoryMegabytes: memory });
}

function oneOf(option: string, name: string, allowed: readonly string[]): string {
  if (allowed.includes(name)) return name;
  const guess = nearest(name, allowed);
  throw new CommandUsageError({
    problem: `${option} names nothing that there is`,
    received: name === '' ? 'nothing' : name,
    allowed,
    change: guess ? `did you mean "${guess}"?` : 'give one of these',
  });
}

function notWithGrowth(option: 'engines' | 'chunks'): CommandUsageError {
  return new CommandUsageError({
    problem: '--growth measures Penstock alone, at sizes and chunks of its own',
    received: `--${option} beside --growth`,
    allowed: ['--rows', '--format', '--threads', '--memory', '--repeat'],
    change: `leave out --${option}`,
  });
}
