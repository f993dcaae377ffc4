import { randomBytes } from 'node:crypto';
import type { Cloud } from '../../service.ts';
import { Bucket, type BucketRecord } from './bucket.ts';
import type { DataFiles } from './data-files.ts';
import { s3Error } from './errors.ts';
import type { Extent, ObjectVersion } from './object-version.ts';

/** A version before it has its place in the order of things. */
export type NewVersion = Omit<ObjectVersion, 'sequence' | 'bucketId' | 'versionId' | 'lastModified'>;

/** All buckets and the one place where objects change: index and store together, data files after them. */
export class Buckets {
  readonly cloud: Cloud;
  readonly files: DataFiles;
  readonly #records;
  readonly #versions;
  readonly #buckets = new Map<string, Bucket>();
  #lastSequence = 0;

  constructor(cloud: Cloud, files: DataFiles) {
    this.cloud = cloud;
    this.files = files;
    this.#records = cloud.store.collection<BucketRecord>('s3.buckets');
    this.#versions = cloud.store.collection<ObjectVersion>('s3.objects');
    this.#restore();
  }

  all(): Bucket[] {
    return [...this.#buckets.values()];
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** Throws NoSuchBucket. */
  get(name: unknown): Bucket {
    const bucket = this.#buckets.get(String(name));
    if (!bucket) throw s3Error('NoSuchBucket', { BucketName: name });
    return bucket;
  }

  create(name: string, settings: Record<string, any>): Bucket {
    const id = randomBytes(8).toString('hex');
    const record: BucketRecord = { id, name, createdAt: this.cloud.clock.now(), settings };
    this.#records.set(name, record);
    const bucket = new Bucket(record);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  change(bucket: Bucket, change: Partial<Pick<BucketRecord, 'versioning' | 'settings'>>): void {
    const record = { ...bucket.record, ...change };
    this.#records.set(record.name, record);
    bucket.record = record;
  }

  delete(bucket: Bucket): void {
    if (bucket.keys.size > 0) throw s3Error('BucketNotEmpty', { BucketName: bucket.record.name });
    this.#records.delete(bucket.record.name);
    this.#buckets.delete(bucket.record.name);
  }

  /** Grows with time and with every call. */
  nextSequence(): number {
    this.#lastSequence = Math.max(this.#lastSequence + 1, Math.floor(this.cloud.clock.now()) * 1000);
    return this.#lastSequence;
  }

  /** Makes a version the newest of its key, as the bucket's versioning says. It is on disk when this returns. */
  put(bucket: Bucket, version: NewVersion, also: (stored: ObjectVersion) => void = () => {}): ObjectVersion {
    const stored: ObjectVersion = {
      ...version,
      sequence: this.nextSequence(),
      bucketId: bucket.record.id,
      versionId: bucket.record.versioning === 'Enabled' ? randomBytes(24).toString('base64url') : 'null',
      lastModified: this.cloud.clock.now(),
    };
    const replaced = stored.versionId === 'null' ? bucket.version(version.key, 'null') : undefined;
    this.cloud.store.transaction(() => {
      this.#versions.set(String(stored.sequence), stored);
      if (replaced) this.#versions.delete(String(replaced.sequence));
      also(stored);
    });
    bucket.add(stored);
    if (replaced) this.#dropped(bucket, replaced);
    return stored;
  }

  /** Changes what is known of a version (its tags) and nothing of its data. */
  update(bucket: Bucket, version: ObjectVersion, also: () => void = () => {}): void {
    this.cloud.store.transaction(() => {
      this.#versions.set(String(version.sequence), version);
      also();
    });
    bucket.replace(version);
  }

  remove(bucket: Bucket, version: ObjectVersion, also: () => void = () => {}): void {
    this.cloud.store.transaction(() => {
      this.#versions.delete(String(version.sequence));
      also();
    });
    this.#dropped(bucket, version);
  }

  /** All that objects have on disk. */
  extents(): Extent[] {
    return [...this.#versions.values()].flatMap(({ parts }) => parts);
  }

  #dropped(bucket: Bucket, version: ObjectVersion): void {
    bucket.remove(version);
    for (const part of version.parts) this.files.remove(part);
  }

  #restore(): void {
    const byBucket = Map.groupBy(this.#versions.values(), (version) => version.bucketId);
    for (const record of this.#records.values()) {
      const bucket = new Bucket(record);
      bucket.restore(byBucket.get(record.id) ?? []);
      this.#buckets.set(record.name, bucket);
    }
    for (const { sequence } of this.#versions.values()) this.#lastSequence = Math.max(this.#lastSequence, sequence);
  }
}
