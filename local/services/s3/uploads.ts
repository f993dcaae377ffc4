import { randomBytes } from 'node:crypto';
import type { Bucket } from './bucket.ts';
import type { Buckets } from './buckets.ts';
import type { Algorithm } from './digest.ts';
import { s3Error } from './errors.ts';
import type { Checksums, Extent, ObjectVersion } from './object-version.ts';

/** A multipart upload under way, as it is stored. */
export interface UploadRecord {
  readonly id: string;
  readonly bucketId: string;
  readonly initiatedAt: number;
  /** What the object will say of itself. */
  readonly object: Pick<ObjectVersion, 'key' | 'headers' | 'metadata' | 'tags'>;
  /** Undefined where the caller named none: then the object gets a CRC64NVME, as on AWS. */
  readonly algorithm?: Algorithm;
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE';
}

export interface UploadedPart extends Extent {
  readonly number: number;
  readonly etag: string;
  readonly checksums: Checksums;
  readonly lastModified: number;
}

export interface Upload {
  readonly record: UploadRecord;
  readonly parts: Map<number, UploadedPart>;
}

/** Multipart uploads and their parts. */
export class Uploads {
  readonly #buckets: Buckets;
  readonly #records;
  readonly #parts;
  readonly #uploads = new Map<string, Upload>();

  constructor(buckets: Buckets) {
    this.#buckets = buckets;
    this.#records = buckets.cloud.store.collection<UploadRecord>('s3.uploads');
    this.#parts = buckets.cloud.store.collection<UploadedPart>('s3.parts');
    for (const record of this.#records.values()) this.#uploads.set(record.id, { record, parts: new Map() });
    for (const [key, part] of this.#parts.entries())
      this.#uploads.get(key.split('/')[0]!)?.parts.set(part.number, part);
  }

  create(record: Omit<UploadRecord, 'id' | 'initiatedAt'>): UploadRecord {
    const full = { ...record, id: randomBytes(24).toString('base64url'), initiatedAt: this.#buckets.cloud.clock.now() };
    this.#records.set(full.id, full);
    this.#uploads.set(full.id, { record: full, parts: new Map() });
    return full;
  }

  /** Throws NoSuchUpload, also where the id is that of another key. */
  get(bucket: Bucket, input: { Key: string; UploadId: string }): Upload {
    const upload = this.#uploads.get(input.UploadId);
    const { bucketId, object } = upload?.record ?? {};
    if (!upload || bucketId !== bucket.record.id || object?.key !== input.Key) {
      throw s3Error('NoSuchUpload', { UploadId: input.UploadId });
    }
    return upload;
  }

  of(bucket: Bucket): Upload[] {
    return [...this.#uploads.values()].filter(({ record }) => record.bucketId === bucket.record.id);
  }

  /** A part of the same number takes the place of the one before. */
  putPart(upload: Upload, part: UploadedPart): void {
    // Aborted or completed while the part was on its way.
    if (this.#uploads.get(upload.record.id) !== upload) throw s3Error('NoSuchUpload', { UploadId: upload.record.id });
    const before = upload.parts.get(part.number);
    this.#parts.set(`${upload.record.id}/${part.number}`, part);
    upload.parts.set(part.number, part);
    if (before) this.#buckets.files.remove(before);
  }

  /** Forgets an upload within the transaction that ends it; the answer removes the files of parts that nothing keeps. */
  end(upload: Upload, kept: ReadonlySet<UploadedPart> = new Set()): () => void {
    this.#records.delete(upload.record.id);
    for (const { number } of upload.parts.values()) this.#parts.delete(`${upload.record.id}/${number}`);
    this.#uploads.delete(upload.record.id);
    return () => {
      for (const part of upload.parts.values()) if (!kept.has(part)) this.#buckets.files.remove(part);
    };
  }

  abort(upload: Upload): void {
    this.#buckets.cloud.store.transaction(() => this.end(upload))();
  }

  /** All that uploads under way have on disk. */
  extents(): Extent[] {
    return [...this.#parts.values()];
  }
}
