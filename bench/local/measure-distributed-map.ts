import { join } from 'node:path';
import { type Row, single } from './row.ts';
import { runWork } from './run-work.ts';

const children = 10_000;

/** A distributed Map from its items in S3 to its results in S3, each child a standard execution with its own history. */
export async function measureDistributedMap(repeat: number): Promise<Row[]> {
  const file = join(import.meta.dirname, 'distributed-map-work.ts');
  const goes: { seconds: number; peakBytes: number }[] = [];
  for (let round = 0; round < repeat; round++) goes.push(await runWork(file, [String(children)]));
  return [
    single(
      'distributed Map of 10,000 children',
      's',
      goes.map(({ seconds }) => seconds),
    ),
    single(
      'distributed Map of 10,000 children: peak memory',
      'MB',
      goes.map(({ peakBytes }) => peakBytes / 1e6),
    ),
  ];
}
