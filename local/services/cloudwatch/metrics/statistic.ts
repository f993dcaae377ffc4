import { NotSupportedError } from '../../../aws-error.ts';
import { invalidValue } from '../errors.ts';
import type { Bucket } from './bucket.ts';

type Statistic = (bucket: Bucket) => number | undefined;

const simple: Record<string, Statistic> = {
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ min }) => min,
  Maximum: ({ max }) => max,
};

/** A statistic by its name: one of the five, or a percentile such as `p99.9`. Throws where it is neither. */
export function statistic(name: string): Statistic {
  const found = Object.hasOwn(simple, name) ? simple[name] : undefined;
  if (found) return found;
  const percentile = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name);
  if (percentile) return (bucket) => percentileOf(bucket, Number(percentile[1]));
  if (/^(tm|wm|tc|ts|pr|iqm)/i.test(name)) throw new NotSupportedError(`the CloudWatch statistic ${name}`);
  throw invalidValue(`The value ${name} for parameter Stat is invalid.`);
}

function percentileOf({ values }: Bucket, percent: number): number | undefined {
  const sorted = [...values].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return undefined;
  const rank = Math.max(1, Math.ceil((percent / 100) * total));
  let seen = 0;
  for (const [value, count] of sorted) {
    seen += count;
    if (seen >= rank) return value;
  }
  return sorted.at(-1)![0];
}
