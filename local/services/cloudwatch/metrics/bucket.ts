/** The values of one metric in one minute. */
export interface Bucket {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** How often each value came, for percentiles. */
  readonly values: readonly (readonly [value: number, count: number])[];
}

/** Above this many different values in a minute, percentiles are taken of values rounded to three digits. */
const exactValues = 1000;

export const emptyBucket: Bucket = {
  count: 0,
  sum: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  values: [],
};

export function bucketOf(value: number, count = 1): Bucket {
  return { count, sum: value * count, min: value, max: value, values: [[value, count]] };
}

export function mergeBuckets(a: Bucket, b: Bucket): Bucket {
  const counts = new Map(a.values);
  for (const [value, count] of b.values) counts.set(value, (counts.get(value) ?? 0) + count);
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    values: counts.size > exactValues ? rounded(counts) : [...counts],
  };
}

function rounded(counts: ReadonlyMap<number, number>): [number, number][] {
  const merged = new Map<number, number>();
  for (const [value, count] of counts) {
    const near = Number(value.toPrecision(3));
    merged.set(near, (merged.get(near) ?? 0) + count);
  }
  return [...merged];
}
