import * as z from 'zod';
import type { PipelineOptions } from '../../lib/definition/pipeline.ts';
import { aggregate, complete, derive, fileArrives, filter, from, lake, pipeline, s3 } from '../../lib/index.ts';

const row = z.object({ id: z.int(), city: z.string().nullable(), n: z.int() });

/** Ways in which a run can work and publish, each the pipeline of one app. All read the same rows. */
export const pipelines = {
  /** A run is one chunk; rows and their sums are appended to tables. */
  solo: (edition: number) => rows('solo', edition, {}),
  /** A run is many chunks, whose rows meet again. */
  wide: (edition: number) =>
    rows('wide', edition, { resources: { chunkBytes: 48, partitions: 2, workerMemoryMegabytes: 512, concurrency: 4 } }),
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
  /** Files that come within five minutes, two at the most, are one run. */
  batched: (edition: number) => rows('batched', edition, { files: { window: '5 minutes', atMost: 2 } }),
  /** Runs with a row without a city wait for a person, of which people are told, and others later. */
  reviewed: (edition: number) =>
    rows('reviewed', edition, {
      quality: [complete('city')],
      gate: { pass: 1, review: 0, reviewSeconds: 3600, afterDeadline: 'release' },
      escalate: [{ to: 'people@example.com' }, { after: '30 minutes', to: 'others@example.com' }],
    }),
};

export type PipelineName = keyof typeof pipelines;

type Settings = Partial<PipelineOptions> & {
  readonly mode?: 'append' | 'replace' | 'replacePartitions' | 'merge';
  readonly exports?: boolean;
  readonly files?: Parameters<typeof fileArrives>[1];
};

function rows(name: string, edition: number, { mode = 'append', exports, files, ...settings }: Settings) {
  const read = from(s3({ prefix: `landing/${name}/`, format: 'csv' }), row).pipe(filter('n <> 0', { rule: 'zero' }));
  // What is deployed in the middle of a run is another plan, which says the same of every row.
  const kept = edition === 0 ? read : read.pipe(derive({ n: 'n + 0' }));
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
