import type { Cloud } from '../../../service.ts';
import type { Collection } from '../../../store.ts';
import { type Bucket, emptyBucket, mergeBuckets } from './bucket.ts';
import { type Metric, metricKey } from './metric.ts';

export const minute = 60_000;

/** How long minutes are kept, as on AWS. */
const keptMilliseconds = 15 * 86_400_000;
const dayMilliseconds = 86_400_000;

interface Known extends Metric {
  readonly units: readonly string[];
  /** When a value came last, in milliseconds, to the minute. */
  readonly lastAt: number;
}

/** The values of all metrics, by the minute. */
export class MetricStore {
  readonly #metrics: Collection<Known>;
  readonly #buckets: Collection<Bucket>;
  #cleanedAt = 0;

  constructor(cloud: Cloud) {
    this.#metrics = cloud.store.collection('monitoring.metrics');
    this.#buckets = cloud.store.collection('monitoring.buckets');
  }

  /** Adds values to the minute that `at` (milliseconds) lies in. */
  add(metric: Metric, unit: string, at: number, values: Bucket): void {
    const key = metricKey(metric);
    const known = this.#metrics.get(key);
    const units = known?.units ?? [];
    if (!units.includes(unit) || at - (known?.lastAt ?? 0) >= minute) {
      const lastAt = Math.max(at, known?.lastAt ?? 0);
      this.#metrics.set(key, { ...metric, units: units.includes(unit) ? units : [...units, unit], lastAt });
    }
    if (at - this.#cleanedAt >= dayMilliseconds) this.#dropOld(at);
    const name = bucketName(key, unit, at);
    this.#buckets.set(name, mergeBuckets(this.#buckets.get(name) ?? emptyBucket, values));
  }

  /** All values from `start` until before `end` (milliseconds, taken by the minute); undefined where there are none. */
  read(metric: Metric, unit: string | undefined, start: number, end: number): Bucket | undefined {
    const key = metricKey(metric);
    const units = unit === undefined ? this.unitsOf(metric) : [unit];
    let merged = emptyBucket;
    for (let at = start; at < end; at += minute) {
      for (const one of units) {
        const bucket = this.#buckets.get(bucketName(key, one, at));
        if (bucket) merged = mergeBuckets(merged, bucket);
      }
    }
    return merged.count > 0 ? merged : undefined;
  }

  /** The units that values of a metric came in. */
  unitsOf(metric: Metric): readonly string[] {
    return this.#metrics.get(metricKey(metric))?.units ?? [];
  }

  /** Metrics that had a value in the last two weeks. */
  list(): Known[] {
    return [...this.#metrics.values()];
  }

  #dropOld(now: number): void {
    this.#cleanedAt = now;
    for (const key of this.#buckets.keys()) {
      if (Number(key.slice(key.lastIndexOf('@') + 1)) < now - keptMilliseconds) this.#buckets.delete(key);
    }
    for (const [key, { lastAt }] of this.#metrics.entries()) {
      if (lastAt < now - keptMilliseconds) this.#metrics.delete(key);
    }
  }
}

const bucketName = (key: string, unit: string, at: number) => `${key}@${unit}@${Math.floor(at / minute) * minute}`;
