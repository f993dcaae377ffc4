import type { ObjectVersion } from './object-version.ts';
import { SortedKeys } from './sorted-keys.ts';

/** A bucket as it is stored. */
export interface BucketRecord {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly versioning?: 'Enabled' | 'Suspended';
  /** Settings in the SDK's own shapes, by the name of the setting, e.g. `cors`. */
  readonly settings: Readonly<Record<string, any>>;
}

/** A conditional write under way; a delete of its key meanwhile makes it a conflict. */
export interface PendingWrite {
  readonly key: string;
  conflict: boolean;
}

/** A bucket with the index of its objects, in memory. */
export class Bucket {
  record: BucketRecord;
  /** Every key that has a version, delete markers included. */
  keys = new SortedKeys();
  readonly pending = new Set<PendingWrite>();
  /** Versions of a key, newest first. */
  readonly #histories = new Map<string, ObjectVersion[]>();

  constructor(record: BucketRecord) {
    this.record = record;
  }

  /** Takes all versions at once, as they were read from the store. */
  restore(versions: readonly ObjectVersion[]): void {
    for (const version of [...versions].sort((a, b) => b.sequence - a.sequence)) {
      const history = this.#histories.get(version.key);
      if (history) history.push(version);
      else this.#histories.set(version.key, [version]);
    }
    this.keys = new SortedKeys(this.#histories.keys());
  }

  versions(key: string): readonly ObjectVersion[] {
    return this.#histories.get(key) ?? [];
  }

  /** What a read without a version id sees: the newest version, which may be a delete marker. */
  latest(key: string): ObjectVersion | undefined {
    return this.#histories.get(key)?.[0];
  }

  /** The newest version where it is an object and not a delete marker. */
  current(key: string): ObjectVersion | undefined {
    const latest = this.latest(key);
    return latest?.deleteMarker ? undefined : latest;
  }

  version(key: string, versionId: string): ObjectVersion | undefined {
    return this.versions(key).find((version) => version.versionId === versionId);
  }

  /** A list of all keys, which stays as it is while versions come and go. */
  allKeys(): string[] {
    return [...this.#histories.keys()];
  }

  add(version: ObjectVersion): void {
    const history = this.#histories.get(version.key);
    if (history) {
      history.unshift(version);
      return;
    }
    this.#histories.set(version.key, [version]);
    this.keys.add(version.key);
  }

  replace(version: ObjectVersion): void {
    const history = this.#histories.get(version.key)!;
    history[history.findIndex(({ versionId }) => versionId === version.versionId)] = version;
  }

  remove(version: ObjectVersion): void {
    const left = this.versions(version.key).filter((each) => each !== version);
    if (left.length > 0) this.#histories.set(version.key, left);
    else {
      this.#histories.delete(version.key);
      this.keys.delete(version.key);
    }
  }
}
