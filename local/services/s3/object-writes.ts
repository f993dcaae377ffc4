import { createHash } from 'node:crypto';
import type { CallContext } from '../../service.ts';
import type { Bucket } from './bucket.ts';
import type { Buckets, NewVersion } from './buckets.ts';
import type { Events } from './events.ts';
import type { ObjectEvent } from './object-event.ts';
import type { ObjectVersion } from './object-version.ts';

/** Who a change is made for: a caller, or the lifecycle rules of the bucket. */
export type Cause = Pick<CallContext, 'requestId'> | 'lifecycle';

/** The entity tag that AWS gives to delete markers in events: the MD5 of nothing. */
const emptyMd5 = createHash('md5').digest('hex');

/** Creates and deletes objects, and tells of it. */
export class ObjectWrites {
  readonly #buckets: Buckets;
  readonly #events: Events;

  constructor(buckets: Buckets, events: Events) {
    this.#buckets = buckets;
    this.#events = events;
  }

  /**
   * `reason` is the operation; the version is on disk when this returns, and its event is sent. `also` is done in the
   * same transaction.
   */
  create(
    bucket: Bucket,
    version: NewVersion,
    reason: string,
    cause: Cause,
    also: () => void = () => {},
  ): ObjectVersion {
    let send = () => {};
    const stored = this.#buckets.put(bucket, version, (each) => {
      also();
      send = this.#record(bucket, each, { type: 'Object Created', reason, size: each.size, etag: each.etag }, cause);
    });
    send();
    return stored;
  }

  /** Deletes as versioning says: the object itself, or by a marker. Undefined where there was nothing to delete. */
  delete(bucket: Bucket, key: string, cause: Cause): ObjectVersion | undefined {
    for (const pending of bucket.pending) if (pending.key === key) pending.conflict = true;
    if (bucket.record.versioning === undefined) {
      const version = bucket.latest(key);
      if (version) this.#remove(bucket, version, cause);
      return undefined;
    }
    const marker: NewVersion = {
      key,
      deleteMarker: true,
      size: 0,
      etag: emptyMd5,
      parts: [],
      checksums: {},
      headers: {},
    };
    let send = () => {};
    const stored = this.#buckets.put(bucket, marker, (each) => {
      const about = {
        type: 'Object Deleted',
        reason: deleteReason(cause),
        deletionType: 'Delete Marker Created',
        etag: emptyMd5,
      } as const;
      send = this.#record(bucket, each, about, cause);
    });
    send();
    return stored;
  }

  /** Removes one version for good. */
  deleteVersion(bucket: Bucket, version: ObjectVersion, cause: Cause): void {
    for (const pending of bucket.pending) if (pending.key === version.key) pending.conflict = true;
    this.#remove(bucket, version, cause);
  }

  /** Changes the tags of a version. */
  update(bucket: Bucket, version: ObjectVersion, cause: Cause): ObjectVersion {
    const type = version.tags ? 'Object Tags Added' : 'Object Tags Deleted';
    let send = () => {};
    this.#buckets.update(bucket, version, () => {
      send = this.#record(bucket, version, { type, etag: version.etag }, cause);
    });
    send();
    return version;
  }

  #remove(bucket: Bucket, version: ObjectVersion, cause: Cause): void {
    const sequence = this.#buckets.nextSequence();
    let send = () => {};
    this.#buckets.remove(bucket, version, () => {
      const about = {
        type: 'Object Deleted',
        reason: deleteReason(cause),
        deletionType: 'Permanently Deleted',
      } as const;
      send = this.#record(bucket, { ...version, sequence }, about, cause);
    });
    send();
  }

  #record(
    bucket: Bucket,
    version: ObjectVersion,
    about: Pick<ObjectEvent, 'type' | 'reason' | 'deletionType' | 'size' | 'etag'>,
    cause: Cause,
  ): () => void {
    const { cloud } = this.#buckets;
    return this.#events.record(bucket, {
      ...about,
      key: version.key,
      sequence: version.sequence,
      time: cloud.clock.now(),
      requester: cause === 'lifecycle' ? 's3.amazonaws.com' : cloud.accountId,
      requestId: cause === 'lifecycle' ? String(version.sequence) : cause.requestId,
      ...(version.versionId !== 'null' && { versionId: version.versionId }),
    });
  }
}

const deleteReason = (cause: Cause) => (cause === 'lifecycle' ? 'Lifecycle Expiration' : 'DeleteObject');
