import type { Contender, OrderFormat } from './job.ts';
import { installPeer, type Peer } from './peers.ts';

interface Entry {
  /** Loads what is measured, only when it is its turn. */
  readonly load: () => Promise<Contender | typeof import('./floor.ts').floor>;
  /** Packages that it needs and that are no dependencies of ours. */
  readonly peers?: (format: OrderFormat) => readonly Peer[];
  /** Why it cannot do the job with such input. */
  readonly unable?: (format: OrderFormat) => string | undefined;
}

/** Who does the standard job; the floor does what none can do without. */
export const contenders: Readonly<Record<string, Entry>> = {
  penstock: { load: async () => (await import('./penstock.ts')).penstock },
  'by-hand': { load: async () => (await import('./by-hand.ts')).byHand },
  polars: { load: async () => (await import('./polars.ts')).polars, peers: () => ['nodejs-polars'] },
  chdb: { load: async () => (await import('./chdb.ts')).chdb, peers: () => ['chdb'] },
  stream: {
    load: async () => (await import('./stream.ts')).stream,
    peers: (format) => (format === 'parquet' ? ['hyparquet-writer', 'hyparquet'] : ['hyparquet-writer']),
  },
  floor: {
    load: async () => (await import('./floor.ts')).floor,
    unable: (format) => (format === 'parquet' ? 'Parquet has no line ends to count, and is compressed' : undefined),
  },
};

/** Why a contender takes no part. What it needs is installed where it can. */
export function leftOut(name: string, format: OrderFormat): string | undefined {
  const { unable, peers } = contenders[name]!;
  for (const one of peers?.(format) ?? []) {
    const why = installPeer(one);
    if (why !== undefined) return why;
  }
  return unable?.(format);
}
