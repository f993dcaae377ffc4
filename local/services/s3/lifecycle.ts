import type { Timer } from '../../../lib/core/clock.ts';
import type { Bucket } from './bucket.ts';
import type { Buckets } from './buckets.ts';
import { midnightAfter, ruleMatches } from './lifecycle-rules.ts';
import type { ObjectVersion } from './object-version.ts';
import type { ObjectWrites } from './object-writes.ts';
import type { Uploads } from './uploads.ts';

const dayMilliseconds = 86_400_000;

/**
 * Expires objects, versions and uploads by the rules of their bucket: at midnight, or when a bucket is next used after
 * it. A clock that skips idle time does not skip to a midnight for this, or it would run away with the data.
 */
export class Lifecycle {
  readonly #buckets: Buckets;
  readonly #writes: ObjectWrites;
  readonly #uploads: Uploads;
  /** The day on which each bucket was last looked at. */
  readonly #days = new Map<string, number>();
  #midnight: Timer | undefined;

  constructor(buckets: Buckets, writes: ObjectWrites, uploads: Uploads) {
    this.#buckets = buckets;
    this.#writes = writes;
    this.#uploads = uploads;
  }

  /** To be called before each use of a bucket; costs next to nothing where there is nothing to do. */
  settle(name: string): void {
    const bucket = this.#buckets.find(name);
    const rules: any[] | undefined = bucket?.record.settings.lifecycle?.Rules;
    if (!bucket || !rules) return;
    const now = this.#buckets.cloud.clock.now();
    const day = Math.floor(now / dayMilliseconds);
    if (this.#days.get(bucket.record.id) === day) return;
    this.#days.set(bucket.record.id, day);
    for (const key of bucket.allKeys()) this.#settleKey(bucket, key, rules, now);
    for (const upload of this.#uploads.of(bucket)) {
      const { object, initiatedAt } = upload.record;
      const over = rules.some((rule) => {
        const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
        return (
          days !== undefined && ruleMatches(rule, { ...object, size: 0 }) && midnightAfter(initiatedAt, days) <= now
        );
      });
      if (over) this.#uploads.abort(upload);
    }
  }

  /** New rules are looked at at once. */
  rulesChanged(bucket: Bucket): void {
    this.#days.delete(bucket.record.id);
    this.start();
  }

  /** Awaits the next midnight, where a bucket has rules. */
  start(): void {
    const { clock } = this.#buckets.cloud;
    if (this.#midnight || !this.#buckets.all().some(hasRules)) return;
    const whenPassed = clock.whenPassed ?? clock.after;
    this.#midnight = whenPassed(dayMilliseconds - (clock.now() % dayMilliseconds), () => {
      this.#midnight = undefined;
      for (const bucket of this.#buckets.all()) this.settle(bucket.record.name);
      this.start();
    });
  }

  close(): void {
    this.#midnight?.cancel();
  }

  #settleKey(bucket: Bucket, key: string, rules: readonly any[], now: number): void {
    const [latest, ...older] = bucket.versions(key);
    if (!latest) return;
    let becameNoncurrent = latest.lastModified;
    older.forEach((version, index) => {
      if (this.#noncurrentIsOver(version, becameNoncurrent, index, rules, now))
        this.#writes.deleteVersion(bucket, version, 'lifecycle');
      becameNoncurrent = version.lastModified;
    });
    if (latest.deleteMarker) {
      const removed = rules.some((rule) => rule.Expiration?.ExpiredObjectDeleteMarker && ruleMatches(rule, latest));
      if (removed && bucket.versions(key).length === 1) this.#writes.deleteVersion(bucket, latest, 'lifecycle');
    } else if (rules.some((rule) => ruleMatches(rule, latest) && isOver(rule.Expiration, latest, now))) {
      this.#writes.delete(bucket, key, 'lifecycle');
    }
  }

  /** `since` is when the version was overtaken, `newer` how many noncurrent versions are newer than it. */
  #noncurrentIsOver(version: ObjectVersion, since: number, newer: number, rules: readonly any[], now: number): boolean {
    return rules.some((rule) => {
      const { NoncurrentDays, NewerNoncurrentVersions = 0 } = rule.NoncurrentVersionExpiration ?? {};
      if (NoncurrentDays === undefined || !ruleMatches(rule, version)) return false;
      return newer >= NewerNoncurrentVersions && midnightAfter(since, NoncurrentDays) <= now;
    });
  }
}

const hasRules = (bucket: Bucket): boolean => bucket.record.settings.lifecycle?.Rules !== undefined;

function isOver(expiration: any, version: ObjectVersion, now: number): boolean {
  if (expiration?.Days !== undefined) return midnightAfter(version.lastModified, expiration.Days) <= now;
  return expiration?.Date !== undefined && new Date(expiration.Date).getTime() <= now;
}
