import type { Cloud } from '../../service.ts';
import type { Buckets } from './buckets.ts';
import type { DataFiles } from './data-files.ts';
import type { Events } from './events.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { ObjectEncryption } from './object-encryption.ts';
import type { ObjectWrites } from './object-writes.ts';
import type { Uploads } from './uploads.ts';

/** What the operations of S3 work on. */
export interface S3State {
  readonly cloud: Cloud;
  readonly buckets: Buckets;
  readonly files: DataFiles;
  readonly events: Events;
  readonly writes: ObjectWrites;
  readonly uploads: Uploads;
  readonly lifecycle: Lifecycle;
  readonly encryption: ObjectEncryption;
}
