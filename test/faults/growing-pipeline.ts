import * as z from 'zod';
import { aggregate, derive, fileArrives, filter, from, lake, pipeline, s3 } from '../../lib/index.ts';

const row = z.object({ id: z.int(), city: z.string().nullable(), n: z.int(), at: z.iso.datetime() });

const range = { from: { type: 'timestamp', default: null }, to: { type: 'timestamp', default: null } } as const;
const inRange = `coalesce("at" >= param('from'), true) AND coalesce("at" < param('to'), true)`;

const source = (name: string) => s3({ prefix: `landing/${name}/`, format: 'csv' });

/** Adds rows behind the last time that it has published, and sums of them. */
export function appending(name: string, edition: number) {
  const read = from(source(name), row, { incremental: { by: 'at' } }).pipe(filter('n <> 0', { rule: 'zero' }));
  const kept = edition === 0 ? read : read.pipe(derive({ n: 'n + 0' }));
  const sums = kept.pipe(aggregate({ by: ['city'], measures: { rows: 'count(*)', n: 'sum(n)::BIGINT' } }));
  return pipeline(name, {
    on: [fileArrives(`landing/${name}/`)],
    resources: { workerMemoryMegabytes: 512 },
    outputs: [kept.to(lake({ table: `${name}_rows` })), sums.to(lake({ table: `${name}_sums` }))],
  });
}

/** Takes late rows once more and merges them, and can be asked for those of a range. */
export function merging(name: string, edition: number) {
  const read = from(source(name), row, { incremental: { by: 'at', lag: '2 hours' } }).pipe(
    filter(inRange, { rule: 'range' }),
    filter('n <> 0', { rule: 'zero' }),
  );
  const kept = edition === 0 ? read : read.pipe(derive({ n: 'n + 0' }));
  return pipeline(name, {
    on: [fileArrives(`landing/${name}/`)],
    parameters: range,
    resources: { workerMemoryMegabytes: 512 },
    outputs: [kept.to(lake({ table: `${name}_rows`, mode: 'merge', key: ['id'] }))],
  });
}
