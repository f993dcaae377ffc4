import * as z from 'zod';
import type { PipelineOptions } from '../../lib/definition/pipeline.ts';
import { aggregate, complete, derive, enrich, fileArrives, filter, from, lake, pipeline, s3 } from '../../lib/index.ts';
import { appending, merging } from './growing-pipeline.ts';

const row = z.object({ id: z.int(), city: z.string().nullable(), n: z.int() });
const place = z.object({ name: z.string(), country: z.string() });

/** Name of the file that says that a set is whole. */
export const marker = '_SUCCESS';
/** Key of what rows are looked up in. */
export const places = 'reference/places.csv';

/** Ways in which a run can work and publish, each the pipeline of one app. All read the same rows. */
export const pipelines = {
  /** A run is one chunk; rows and their sums are appended to tables. */
  solo: (edition: number) => rows('solo', edition, {}),
  /** A run is many chunks, whose rows meet again. */
  wide: (edition: number) =>
    rows('wide', edition, { resources: { chunkBytes: 48, partitions: 2, workerMemoryMegabytes: 512, concurrency: 4 } }),
  /** The same with smaller chunks, more partitions, and no more than two workers. */
  narrow: (edition: number) =>
    rows('narrow', edition, {
      resources: { chunkBytes: 24, partitions: 3, workerMemoryMegabytes: 512, concurrency: 2 },
    }),
  /** Each run replaces the table. */
  replace: (edition: number) => rows('replace', edition, { mode: 'replace' }),
  /** Each run replaces the cities that it has rows of. */
  partitions: (edition: number) => rows('partitions', edition, { mode: 'replacePartitions' }),
  /** Rows take the place of earlier ones with their id. */
  merged: (edition: number) => rows('merged', edition, { mode: 'merge' }),
  /** Rows go to files for others. */
  exports: (edition: number) => rows('exports', edition, { exports: true }),
  /** One run at a time. */
  queued: (edition: number) => rows('queued', edition, { overlap: { policy: 'queue' } }),
  /** The same, and a run that comes takes the place of the one that is at work. */
  replacing: (edition: number) => rows('replacing', edition, { overlap: { policy: 'replace' } }),
  /** The same, and a run that comes while one is at work leaves it at that. */
  skipping: (edition: number) => rows('skipping', edition, { overlap: { policy: 'skip' } }),
  /** Files that come within five minutes, two at the most, are one run. */
  batched: (edition: number) => rows('batched', edition, { files: { window: '5 minutes', atMost: 2 } }),
  /** Two files are one run. */
  counted: (edition: number) => rows('counted', edition, { files: { complete: { count: 2 } } }),
  /** What lies there when a marker comes is one run. */
  marked: (edition: number) => rows('marked', edition, { files: { complete: { marker } } }),
  /** Each row is given the country of its city, out of another file. */
  looked: (edition: number) => rows('looked', edition, { looks: true }),
  /** Each run takes the rows behind those that were published, of a file that grows. */
  cursor: (edition: number) => appending('cursor', edition),
  /** The same with late rows; people ask for ranges of it again. */
  backfilled: (edition: number) => merging('backfilled', edition),
  /**
   * Runs with a row without a city wait for a person, of which people are told, and others later. What runs share, another
   * has meanwhile.
   */
  reviewed: (edition: number) =>
    rows('reviewed', edition, {
      shares: { database: 1 },
      quality: [complete('city')],
      gate: { pass: 1, review: 0, reviewSeconds: 3600, afterDeadline: 'release' },
      escalate: [{ to: 'people@example.com' }, { after: '30 minutes', to: 'others@example.com' }],
    }),
};

export type PipelineName = keyof typeof pipelines;

type Settings = Partial<PipelineOptions> & {
  readonly mode?: 'append' | 'replace' | 'replacePartitions' | 'merge';
  readonly exports?: boolean;
  readonly looks?: boolean;
  readonly files?: Parameters<typeof fileArrives>[1];
};

function rows(name: string, edition: number, { mode = 'append', exports, looks, files, ...settings }: Settings) {
  const read = from(s3({ prefix: `landing/${name}/`, format: 'csv' }), row).pipe(filter('n <> 0', { rule: 'zero' }));
  // What is deployed in the middle of a run is another plan, which says the same of every row.
  const same = edition === 0 ? read : read.pipe(derive({ n: 'n + 0' }));
  const countries = from(s3({ key: places, format: 'csv' }), place);
  const kept = looks ? same.pipe(enrich({ with: countries, on: 'city = name', take: ['country'] })) : same;
  const sums = kept.pipe(aggregate({ by: ['city'], measures: { rows: 'count(*)', n: 'sum(n)::BIGINT' } }));
  const partition = mode === 'replacePartitions' ? { partitionBy: ['city'] } : {};
  return pipeline(name, {
    on: [fileArrives(`landing/${name}/`, files)],
    resources: { workerMemoryMegabytes: 512 },
    ...settings,
    outputs: exports
      ? [
          kept.to(s3({ prefix: `exports/${name}/csv/`, format: 'csv' })),
          kept.to(s3({ prefix: `exports/${name}/ndjson/`, format: 'ndjson', compression: 'gzip' })),
        ]
      : [
          kept.to(lake({ table: `${name}_rows`, mode, ...partition, ...(mode === 'merge' && { key: ['id'] }) })),
          sums.to(lake({ table: `${name}_sums`, mode, ...partition, ...(mode === 'merge' && { key: ['city'] }) })),
        ],
  });
}
