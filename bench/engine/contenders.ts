import type { Contender, JobOptions } from './job.ts';

/** Loads what is measured, each only when it is its turn. */
export const contenders: Readonly<Record<string, () => Promise<Contender | typeof import('./floor.ts').floor>>> = {
  penstock: async () => (await import('./penstock.ts')).penstock,
  'by-hand': async () => (await import('./by-hand.ts')).byHand,
  polars: async () => (await import('./polars.ts')).polars,
  chdb: async () => (await import('./chdb.ts')).chdb,
  stream: async () => (await import('./stream.ts')).stream,
  floor: async () => (await import('./floor.ts')).floor,
};

/** Who can do the job with this input; the others are left out with these words. */
export function unable(name: string, { format }: Pick<JobOptions, 'format'>): string | undefined {
  if (name === 'polars' && format === 'ndjson') return 'nodejs-polars gives no record that is not JSON back';
  if (format === 'parquet' && !['penstock', 'by-hand'].includes(name)) return 'is measured with text only';
  return undefined;
}
